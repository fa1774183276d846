import type { Upload } from '#client/sdk/index';
import type { EventOf } from '#protocol/events';

export const FILES = { maxBytes: 100, types: { 'image/png': ['png'], 'text/plain': ['txt'] } };

export const aPicture = (name = 'a.png'): File => new File(['12345'], name, { type: 'image/png' });

/** The reply to `attach`. */
export const aForm = (id: string, round = 1): EventOf<'upload'> => ({
  type: 'upload',
  id,
  url: `https://bucket.example/${round}`,
  fields: { key: id },
  expiresAt: '2026-11-22T09:05:00.000Z',
});

/** Forms that a page posts, with the test as the bucket. */
export class FakeUploads {
  readonly forms: { readonly url: string; readonly text: Promise<string> }[] = [];
  stopped = 0;
  #onProgress: (progress: number) => void = () => {};
  #answer: (status: number) => void = () => {};

  readonly upload: Upload = ({ url, file }, onProgress, signal) => {
    this.forms.push({ url, text: file.text() });
    this.#onProgress = onProgress;
    return new Promise((resolve) => {
      this.#answer = resolve;
      signal.addEventListener('abort', () => {
        this.stopped += 1;
        resolve(0);
      });
    });
  };

  /** So much of the newest one has gone. */
  async progress(progress: number): Promise<void> {
    this.#onProgress(progress);
    await jest.advanceTimersByTimeAsync(320);
  }

  /** @param status 0: the network is gone. */
  async answer(status: number): Promise<void> {
    this.#answer(status);
    await jest.advanceTimersByTimeAsync(20);
  }
}
