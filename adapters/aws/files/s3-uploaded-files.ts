import { createFreshFetch } from '#adapters/http/fresh-fetch';
import { ChatError } from '#core/errors';
import type { FileRef, StartedFile, UploadedFiles } from '#core/files/file-ports';
import { SNIFFED_BYTES } from '#core/files/sniff-type';
import { fileOf, isUploadKey } from './file-metadata.ts';
import { type Credentials, signedHeaders } from './sigv4.ts';

/** A file of the highest size takes a part of a second inside a region. */
const TIMEOUT_MS = 5_000;

/** Gone, replaced by other bytes, or empty, which no offer allows. */
const ABSENT = new Set([404, 412, 416]);

/** Uploaded files in S3. Makes one call each, without a retry: queues and events come again. */
export class S3UploadedFiles implements UploadedFiles {
  readonly #bucketUrl: string;
  readonly #credentials: () => Credentials;
  readonly #remainingMs: () => number;
  readonly #fetch: typeof globalThis.fetch;

  /** @param remainingMs how long its caller can wait for the answer to a call. */
  constructor(
    bucketUrl: string,
    credentials: () => Credentials,
    remainingMs = () => Number.POSITIVE_INFINITY,
    fetch = createFreshFetch(),
  ) {
    this.#bucketUrl = bucketUrl;
    this.#credentials = credentials;
    this.#remainingMs = remainingMs;
    this.#fetch = fetch;
  }

  async start(ref: FileRef): Promise<StartedFile | undefined> {
    const response = await this.#get(ref, { range: `bytes=0-${SNIFFED_BYTES - 1}` });
    const file = response && fileOf(ref.key, response.headers);
    return file && { file, start: await bytesOf(response) };
  }

  async read(ref: FileRef): Promise<Uint8Array | undefined> {
    const response = await this.#get(ref, {});
    return response && bytesOf(response);
  }

  async remove({ key }: FileRef): Promise<void> {
    if (isUploadKey(key)) await this.#call('DELETE', key, {});
  }

  async #get(
    { key, eTag }: FileRef,
    headers: Record<string, string>,
  ): Promise<Response | undefined> {
    // Anybody's object may be told of; only what an offer of ours made is read.
    if (!isUploadKey(key)) return undefined;
    return this.#call('GET', key, { ...headers, 'if-match': `"${eTag}"` });
  }

  async #call(
    method: 'GET' | 'DELETE',
    key: string,
    extra: Record<string, string>,
  ): Promise<Response | undefined> {
    const call = `s3 ${method}`;
    const url = new URL(`${this.#bucketUrl}/${key}`);
    const credentials = this.#credentials();
    const headers = signedHeaders(method, url, extra, { credentials, nowMs: Date.now() });
    const timeoutMs = Math.max(0, Math.min(TIMEOUT_MS, this.#remainingMs()));
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await this.#fetch(url, { method, headers, signal }).catch(unanswered(call));
    if (response.ok) return response;
    if (ABSENT.has(response.status)) return undefined;
    // Without the permission to list, S3 tells an object that is gone as one that is forbidden.
    const isForbidden = response.status === 403;
    throw new ChatError(
      isForbidden ? 'MISCONFIGURED' : 'UPSTREAM_UNAVAILABLE',
      `${call}: ${response.status}`,
    );
  }
}

/** The time for the call counts for its body, too. */
const bytesOf = async (response: Response): Promise<Uint8Array> =>
  new Uint8Array(await response.arrayBuffer().catch(unanswered('s3 GET')));

function unanswered(call: string) {
  return (cause: unknown): never => {
    throw new ChatError('UPSTREAM_UNAVAILABLE', `${call}: no answer`, { cause });
  };
}
