/**
 * The media service of Conversations and Programmable Chat, which has no OpenAPI document.
 * Source: https://www.twilio.com/docs/conversations-classic/api/media-resource
 */
import { badRequest, notFound, TwilioError } from '../rest/twilio-error.ts';
import { isoSeconds, type World } from '../world/world.ts';
import { contentAddress } from './content-address.ts';
import type { StoredMedia } from './model.ts';
import { MAX_MEDIA_BYTES, storeMedia } from './stored-media.ts';

export const MEDIA_HOST = 'mcs.us1.twilio.com';

export interface MediaRequest {
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** Of the simulator. */
  readonly base: string;
}

const PATH = /^\/v1\/Services\/([^/]+)\/Media(?:\/([^/]+)(\/Content)?)?$/;

/** @throws TwilioError */
export function answerMedia(
  world: World,
  request: MediaRequest,
): { readonly status: number; readonly body: unknown } {
  const [, service, sid, content] = PATH.exec(request.path) ?? [];
  if (service !== world.account.chatServiceSid) throw notFound(request.path);
  if (request.method === 'POST' && sid === undefined) {
    return { status: 201, body: toJson(world, request, upload(world, request)) };
  }
  const media = world.media.get(sid ?? '');
  if (media === undefined) throw notFound(request.path);
  if (request.method === 'DELETE' && content === undefined) {
    world.media.delete(media.sid);
    return { status: 204, body: undefined };
  }
  if (request.method !== 'GET') throw notFound(request.path);
  // Of rich content, which is JSON; nobody reads files in this way.
  if (content) return { status: 200, body: JSON.parse(Buffer.from(media.bytes).toString()) };
  return { status: 200, body: toJson(world, request, media) };
}

function upload(world: World, { query, contentType, bytes }: MediaRequest): StoredMedia {
  if (bytes.length === 0) throw badRequest('The body holds no file', 50512);
  if (bytes.length > MAX_MEDIA_BYTES) throw new TwilioError(413, 50512, 'The file is too large');
  const filename = query.find(([name]) => name === 'Filename')?.[1] ?? '';
  return storeMedia(world, { filename, contentType, bytes });
}

function toJson(world: World, { method, base }: MediaRequest, media: StoredMedia) {
  const url = `/v1/Services/${media.serviceSid}/Media/${media.sid}`;
  return {
    sid: media.sid,
    service_sid: media.serviceSid,
    size: media.bytes.length,
    content_type: media.contentType,
    filename: media.filename,
    author: 'sender',
    category: 'media',
    message_sid: media.messageSid,
    channel_sid: null,
    date_created: isoSeconds(media.createdAtMs),
    date_updated: isoSeconds(media.createdAtMs),
    url,
    links: {
      content: `${url}/Content`,
      ...(method === 'GET' && {
        content_direct_temporary: contentAddress(world, base, media.sid),
      }),
    },
    is_multipart_upstream: false,
  };
}
