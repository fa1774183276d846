/** Turns messages of Flex into what a customer sees, within the size of one event. */
import { type EventOf, encodeEvent } from '#protocol/events';
import type { Profile } from '#protocol/frames';
import { MAX_FRAME_BYTES, utf8Bytes } from '#protocol/limits';
import type { FlexMessage, FlexMessagePage, FlexNames } from './flex.ts';
import { type ChatRef, customerIdentity } from './session.ts';

/** Room that a reply leaves for its other fields: token, ids, ref. */
const ENVELOPE_BYTES = 2_048;
const MAX_MESSAGES_BYTES = MAX_FRAME_BYTES - ENVELOPE_BYTES;

type MessageEvent = EventOf<'message'>;

/** What naming an author takes. */
export interface Readership {
  readonly names: FlexNames;
  readonly chat: ChatRef;
  readonly profile: Profile;
}

/** The message as every connection of the session sees it; cut to fit one event, then marked `truncated`. */
export async function toMessageEvent(
  readership: Readership,
  message: FlexMessage,
): Promise<MessageEvent> {
  const { chat, profile, names } = readership;
  const own = message.author === customerIdentity(chat.sessionId);
  const role = own ? 'customer' : message.role;
  const name = own
    ? (profile.name ?? 'Customer')
    : await names.displayName(message.author, message.role);
  return cutToFit({
    type: 'message',
    chat: chat.chat,
    index: message.index,
    ...(own && message.clientMessageId !== undefined && { id: message.clientMessageId }),
    author: { role, name },
    body: message.body,
    ...(message.media !== undefined && { media: [...message.media] }),
    sentAt: new Date(message.sentAtMs).toISOString(),
  });
}

/** As many of a page's messages as one reply holds; `complete` is false when some were left out. */
export async function toMessageEvents(
  readership: Readership,
  page: FlexMessagePage,
): Promise<{ messages: MessageEvent[]; complete: boolean }> {
  const messages: MessageEvent[] = [];
  let bytes = 0;
  for (const message of page.messages) {
    const event = await toMessageEvent(readership, message);
    bytes += utf8Bytes(encodeEvent(event)) + 1;
    if (bytes > MAX_MESSAGES_BYTES && messages.length > 0) return { messages, complete: false };
    messages.push(event);
  }
  return { messages, complete: page.complete };
}

function cutToFit(event: MessageEvent): MessageEvent {
  let fitted = event;
  for (let bytes = sizeOf(fitted); bytes > MAX_MESSAGES_BYTES; bytes = sizeOf(fitted)) {
    const keep = Math.floor(fitted.body.length * (MAX_MESSAGES_BYTES / bytes) * 0.95);
    // A surrogate pair that the cut splits would become a replacement character.
    const body = fitted.body.slice(0, keep).replace(/[\uD800-\uDBFF]$/, '');
    fitted = { ...fitted, body, truncated: true };
  }
  return fitted;
}

const sizeOf = (event: MessageEvent): number => utf8Bytes(encodeEvent(event));
