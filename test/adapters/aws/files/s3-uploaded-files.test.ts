import { S3UploadedFiles } from '#adapters/aws/files/s3-uploaded-files';
import type { ChatErrorCode } from '#core/errors';

const KEY = 'quarantine/session-1/m1/nonce-1';
const ref = { key: KEY, eTag: 'abc' };

const credentials = () => ({
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'secret',
  sessionToken: 'token',
  region: 'eu-central-1',
});

/** What the bucket is asked, and how it answers. */
function aBucket(
  answer: (signal: AbortSignal) => Response | Promise<Response>,
  remainingMs?: () => number,
) {
  const asked: { method: string; path: string; headers: Headers }[] = [];
  const fetch = async (url: unknown, init?: RequestInit) => {
    const { pathname } = new URL(String(url));
    asked.push({ method: `${init?.method}`, path: pathname, headers: new Headers(init?.headers) });
    return answer(init?.signal as AbortSignal);
  };
  const files = new S3UploadedFiles('https://bucket.example', credentials, remainingMs, fetch);
  return { files, asked };
}

const told = {
  'content-type': 'text/plain',
  'content-range': 'bytes 0-4/5',
  'x-amz-meta-filename': 'a%20note.txt',
};

describe('uploaded files in S3', () => {
  test('tell what was offered, from the bytes that were told of and no others', async () => {
    const { files, asked } = aBucket(() => new Response('hello', { status: 206, headers: told }));

    const started = await files.start(ref);

    expect(started?.file).toMatchObject({ filename: 'a note.txt', size: 5, id: 'm1' });
    expect(Buffer.from(started?.start ?? []).toString()).toBe('hello');
    expect(asked[0]).toMatchObject({ method: 'GET', path: `/${KEY}` });
    expect(asked[0]?.headers.get('if-match')).toBe('"abc"');
    expect(asked[0]?.headers.get('authorization')).toContain('/eu-central-1/s3/aws4_request');
  });

  test.each(['other/session-1/m1/n', 'quarantine/../secret/m1/n', 'quarantine/session-1/m1'])(
    'of a key that no offer made, such as %s, are not even asked for',
    async (key) => {
      const { files, asked } = aBucket(() => new Response('hello', { headers: told }));
      const foreign = { key, eTag: 'abc' };

      expect(await files.start(foreign)).toBeUndefined();
      expect(await files.read(foreign)).toBeUndefined();
      await files.remove(foreign);

      expect(asked).toEqual([]);
    },
  );

  test('are waited for no longer than the caller can', async () => {
    const hangs = (signal: AbortSignal) =>
      new Promise<Response>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    const { files } = aBucket(hangs, () => 1);

    await expect(files.read(ref)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  test('come again when their bytes are cut off', async () => {
    const body = new ReadableStream({ start: (bytes) => bytes.error(new Error('reset')) });
    const { files } = aBucket(() => new Response(body));

    await expect(files.read(ref)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  test.each([404, 412, 416])('are absent where S3 answers %i', async (status) => {
    const { files } = aBucket(() => new Response('', { status }));

    expect(await files.read(ref)).toBeUndefined();
  });

  test.each<[number, ChatErrorCode]>([
    [403, 'MISCONFIGURED'],
    [500, 'UPSTREAM_UNAVAILABLE'],
    [503, 'UPSTREAM_UNAVAILABLE'],
  ])('fail where S3 answers %i, as %s', async (status, code) => {
    const { files } = aBucket(() => new Response('', { status }));

    await expect(files.read(ref)).rejects.toMatchObject({ code });
    await expect(files.remove(ref)).rejects.toMatchObject({ code });
  });

  test('fail where S3 does not answer', async () => {
    const { files } = aBucket(() => {
      throw new TypeError('fetch failed');
    });

    await expect(files.start(ref)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });
});
