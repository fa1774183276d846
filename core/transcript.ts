/** Turns messages of Flex into what a customer sees, within the size of one event. */
import { type AuthorRole, type EventOf, encodeEvent } from '#protocol/events';
import { MAX_FRAME_BYTES, utf8Bytes } from '#protocol/limits';
import { agentIdentityOf, agentName, isOwnMessage } from './authorship.ts';
import type { FlexMessage, FlexMessagePage, FlexNames } from './flex.ts';
import { learnAuthors } from './learn-names.ts';
import type { SessionStore } from './ports.ts';
import type { ChatRef, SessionRecord } from './session.ts';

/** Room that a reply leaves for its other fields: token, ids, ref. */
const ENVELOPE_BYTES = 2_048;
const MAX_MESSAGES_BYTES = MAX_FRAME_BYTES - ENVELOPE_BYTES;

type MessageEvent = EventOf<'message'>;

export interface TranscriptPorts {
  readonly sessions: SessionStore;
  readonly names: FlexNames;
}

/** Whose chat the messages are of. */
export interface Readership {
  readonly record: SessionRecord;
  readonly chat: ChatRef;
}

/** The message as every connection of the session sees it; cut to fit one event, then marked `truncated`. */
export async function toMessageEvent(
  ports: TranscriptPorts,
  readership: Readership,
  message: FlexMessage,
  nowMs: number,
): Promise<MessageEvent> {
  return show(ports, await withAuthors(ports, readership, [message], nowMs), message);
}

async function withAuthors(
  ports: TranscriptPorts,
  { record, chat }: Readership,
  messages: readonly FlexMessage[],
  nowMs: number,
): Promise<Readership> {
  const identities = messages
    .filter((message) => !isOwnMessage(record, chat, message))
    .flatMap((message) => agentIdentityOf(record, message) ?? []);
  return { chat, record: await learnAuthors(ports, record, identities, nowMs) };
}

function show(
  { names }: TranscriptPorts,
  { record, chat }: Readership,
  message: FlexMessage,
): MessageEvent {
  const own = isOwnMessage(record, chat, message);
  const role = own ? 'customer' : message.role;
  return cutToFit({
    type: 'message',
    chat: chat.chat,
    index: message.index,
    ...(own && message.clientMessageId !== undefined && { id: message.clientMessageId }),
    author: { role, name: authorName(names, record, message, role) },
    body: message.body,
    ...(message.media !== undefined && { media: [...message.media] }),
    sentAt: new Date(message.sentAtMs).toISOString(),
  });
}

/** As many of a page's messages as one reply holds; `complete` is false when some were left out. */
export async function toMessageEvents(
  ports: TranscriptPorts,
  readership: Readership,
  page: FlexMessagePage,
  nowMs: number,
): Promise<{ messages: MessageEvent[]; complete: boolean }> {
  const known = await withAuthors(ports, readership, page.messages, nowMs);
  const messages: MessageEvent[] = [];
  let bytes = 0;
  for (const message of page.messages) {
    const event = show(ports, known, message);
    bytes += utf8Bytes(encodeEvent(event)) + 1;
    if (bytes > MAX_MESSAGES_BYTES && messages.length > 0) return { messages, complete: false };
    messages.push(event);
  }
  return { messages, complete: page.complete };
}

function authorName(
  names: FlexNames,
  record: SessionRecord,
  message: FlexMessage,
  role: AuthorRole,
): string {
  if (role === 'customer') return record.profile.name ?? 'Customer';
  if (role !== 'agent') return names.fallbackName('bot');
  return agentName(names, record.participants, agentIdentityOf(record, message));
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
