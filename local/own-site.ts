import type { IncomingMessage } from 'node:http';

/** Other names, bent to this machine, are how a page elsewhere gets past the browser's rules. */
export const isOwnHost = ({ headers }: IncomingMessage): boolean =>
  /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? '');

/**
 * Whether a request comes from a program on this machine, or from a page of the one origin that
 * may ask. Any other page in the developer's browser is kept out: it tells its origin, or that it
 * is another site, or the name by which it came here.
 *
 * @param origin of the page; absent: none may ask.
 */
export function isFromHere(request: IncomingMessage, origin?: string): boolean {
  const { headers } = request;
  if (!isOwnHost(request)) return false;
  if (headers.origin !== undefined) return headers.origin === origin;
  return ['same-origin', 'none'].includes(String(headers['sec-fetch-site'] ?? 'none'));
}

/** @returns undefined once the body is longer than that; the rest is then not read. */
export async function readBodyUpTo(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
