/** Addresses of files that need no credentials, and end after some minutes. */
import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isOwnHost } from '#local/own-site';
import { sendJson } from '../rest/http.ts';
import type { World } from '../world/world.ts';

const CONTENT_HOST = 'media.us1.twilio.com';

/** How long is not documented; the field takes five minutes for granted. */
const LIFETIME_MS = 5 * 60_000;

const SECRET = randomBytes(32);

const signatureOf = (sid: string, expires: string): string =>
  createHmac('sha256', SECRET).update(`${sid} ${expires}`).digest('base64url');

/** @param base of the simulator, such as `http://127.0.0.1:4711`. */
export function contentAddress(world: World, base: string, sid: string): string {
  const expires = String(Math.floor((world.nowMs() + LIFETIME_MS) / 1_000));
  const query = new URLSearchParams({ Expires: expires, Signature: signatureOf(sid, expires) });
  return `${base}/${CONTENT_HOST}/${sid}?${query}`;
}

export const baseOf = ({ headers }: IncomingMessage): string => `http://${headers.host}`;

export const isContentRequest = ({ url = '' }: IncomingMessage): boolean =>
  url.startsWith(`/${CONTENT_HOST}/`);

/** Answers whoever has the address, pages included. */
export function sendContent(
  world: World,
  incoming: IncomingMessage,
  response: ServerResponse,
): void {
  const { pathname, searchParams } = new URL(incoming.url ?? '', 'http://localhost');
  const sid = pathname.split('/').at(-1) ?? '';
  const expires = searchParams.get('Expires') ?? '';
  const isSigned = searchParams.get('Signature') === signatureOf(sid, expires);
  const media = world.media.get(sid);
  if (!isOwnHost(incoming) || !isSigned || Number(expires) * 1_000 < world.nowMs() || !media) {
    sendJson(response, 403, { message: 'Access Denied' });
    return;
  }
  const name = encodeURIComponent(media.filename);
  response
    .writeHead(200, {
      'content-type': media.contentType,
      'content-disposition': `inline; filename*=UTF-8''${name}`,
      'access-control-allow-origin': '*',
    })
    .end(media.bytes);
}
