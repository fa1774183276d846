import type { Media } from '../conversations/model.ts';
import { TwilioError } from '../rest/twilio-error.ts';
import type { World } from '../world/world.ts';
import type { StoredMedia } from './model.ts';

/** Of chat participants. Source: twilio.com/docs/conversations-classic, limits. */
export const MAX_MEDIA_BYTES = 150 * 1024 * 1024;

export function storeMedia(
  world: World,
  file: Pick<StoredMedia, 'filename' | 'contentType' | 'bytes'>,
): StoredMedia {
  const stored: StoredMedia = {
    ...file,
    sid: world.newSid('ME'),
    serviceSid: world.account.chatServiceSid,
    createdAtMs: world.nowMs(),
    messageSid: null,
  };
  world.media.set(stored.sid, stored);
  return stored;
}

/**
 * The file that a message is to carry, and no other one may.
 * @throws TwilioError 50507 when it is not there, 50508 when another message has it.
 */
export function mediaForMessage(world: World, sid: string | undefined): Media[] | undefined {
  if (sid === undefined) return undefined;
  const stored = world.media.get(sid);
  if (stored === undefined) throw new TwilioError(404, 50507, 'Media not found');
  if (stored.messageSid !== null) {
    throw new TwilioError(400, 50508, 'Media is used by another message');
  }
  return [described(stored)];
}

export const described = ({ sid, filename, contentType, bytes }: StoredMedia): Media => ({
  sid,
  filename,
  contentType,
  size: bytes.length,
});
