/** As much of `fetch` as calls of Twilio and S3 need, over connections that are likely to be alive. */
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { createFreshAgents } from './fresh-agents.ts';

/** Less than any server is known to wait: Node's own closes an idle connection after 5 s. */
const MAX_IDLE_MS = 3_000;

/**
 * A server that has closed an idle connection resets it as soon as the request arrives. One that resets
 * it later has read the request, and may have carried it out.
 */
const RESET_AT_ONCE_MS = 1_000;

const RESET = new Set(['ECONNRESET', 'EPIPE']);

/**
 * The server had closed a connection that was kept, so that most likely it has not read the request. That
 * is no proof: it may also have broken down with the request in its hands.
 */
export class ClosedConnectionError extends Error {
  override readonly name = 'ClosedConnectionError';
}

/**
 * `globalThis.fetch` lets nobody choose its connections, nor does it say whether one was reused.
 * Here bodies are texts or bytes, and a redirection is an error.
 * @param maxBytes of an answer; a longer one is an error as soon as it is.
 */
export function createFreshFetch(
  now: () => number = Date.now,
  maxBytes = Number.POSITIVE_INFINITY,
): typeof globalThis.fetch {
  const { httpAgent, httpsAgent } = createFreshAgents(MAX_IDLE_MS, now);
  return async (input, { method = 'GET', headers = {}, body, signal } = {}) => {
    const url = new URL(String(input));
    const isSecure = url.protocol === 'https:';
    const request = (isSecure ? requestHttps : requestHttp)(url, {
      method,
      headers: Object.fromEntries(new Headers(headers)),
      agent: isSecure ? httpsAgent : httpAgent,
      ...(signal && { signal }),
    });
    request.end(body instanceof Uint8Array ? body : body ? String(body) : undefined);
    try {
      return await responseOf(await answerTo(request, now), maxBytes);
    } catch (error) {
      // Node says that the call was aborted, and the signal says why.
      throw signal?.aborted ? signal.reason : error;
    }
  };
}

/** @throws ClosedConnectionError, or the error of the connection. */
async function answerTo(request: ClientRequest, now: () => number): Promise<IncomingMessage> {
  const beganAtMs = now();
  // One that comes after the answer's head ends the body, too, and is met there.
  request.on('error', () => {});
  try {
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    return answer;
  } catch (error) {
    const isReset = RESET.has((error as NodeJS.ErrnoException).code ?? '');
    if (!request.reusedSocket || !isReset || now() - beganAtMs >= RESET_AT_ONCE_MS) throw error;
    throw new ClosedConnectionError('the kept connection was closed', { cause: error });
  }
}

async function responseOf(answer: IncomingMessage, maxBytes: number): Promise<Response> {
  const { statusCode: status = 0, headersDistinct } = answer;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += chunk.length;
    // Leaving the loop closes the connection.
    if (bytes > maxBytes) throw new Error(`the answer has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  if (status >= 300 && status < 400) throw new Error(`unexpected redirection: ${status}`);
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  // Of a status without a body, such as 204, not even an empty one may be given.
  return new Response(chunks.length > 0 ? Buffer.concat(chunks) : null, { status, headers });
}
