import type { Upload } from '../platform/environment.ts';

/** The part of `XMLHttpRequest` that is used; Node has none. */
interface FormRequest {
  readonly status: number;
  readonly upload: {
    onprogress: ((event: { readonly loaded: number; readonly total: number }) => void) | null;
  };
  onloadend: (() => void) | null;
  open(method: string, url: string): void;
  send(form: FormData): void;
  abort(): void;
}

/** As a browser does it: `fetch` tells nothing of how far it is. */
export const postForm: Upload = ({ url, fields, file }, onProgress, signal) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', file);
  const { XMLHttpRequest } = globalThis as { readonly XMLHttpRequest?: new () => FormRequest };
  if (!XMLHttpRequest) {
    const answer = fetch(url, { method: 'POST', body: form, signal });
    return answer.then(
      ({ status }) => status,
      () => 0,
    );
  }
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    // The status is 0 when there was no answer.
    request.onloadend = () => resolve(request.status);
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total);
    signal.addEventListener('abort', () => request.abort());
    request.open('POST', url);
    request.send(form);
  });
};
