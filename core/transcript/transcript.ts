/** Turns messages of Flex into what a customer sees, within the size of one event. */

import type {
  FlexContents,
  FlexMessage,
  FlexMessagePage,
  FlexNames,
  KeptMessages,
} from '#core/flex';
import type { SessionStore } from '#core/ports';
import type { ChatRef, SessionRecord } from '#core/session';
import { type AuthorRole, type EventOf, encodeEvent, type Kept } from '#protocol/events';
import { MAX_FRAME_BYTES, utf8Bytes } from '#protocol/limits';
import { agentIdentityOf, agentName, isOwnMessage } from './authorship.ts';
import { type Contents, findContents } from './find-contents.ts';
import { learnAuthors } from './learn-names.ts';

/** Room that a reply leaves for its other fields: token, ids, ref. */
const ENVELOPE_BYTES = 2_048;
const MAX_MESSAGES_BYTES = MAX_FRAME_BYTES - ENVELOPE_BYTES;

type MessageEvent = EventOf<'message'>;

export interface TranscriptPorts {
  readonly sessions: SessionStore;
  readonly names: FlexNames;
  readonly contents?: FlexContents;
}

/** The chat that messages belong to, and its session. */
export interface Readership {
  readonly record: SessionRecord;
  readonly chat: ChatRef;
}

/**
 * The message as customers see it. One that does not fit into an event is cut and marked
 * `truncated`.
 */
export async function toMessageEvent(
  ports: TranscriptPorts,
  readership: Readership,
  message: FlexMessage,
  nowMs: number,
): Promise<MessageEvent> {
  return show(ports, await looked(ports, readership, [message], nowMs), message);
}

/** What is known of messages besides themselves. */
interface Known extends Readership {
  readonly contents: Contents;
}

/** Looks up the authors' names and rich content, side by side. */
async function looked(
  ports: TranscriptPorts,
  { record, chat }: Readership,
  messages: readonly FlexMessage[],
  nowMs: number,
): Promise<Known> {
  const others = messages.filter((message) => !isOwnMessage(record, chat, message));
  const identities = others.flatMap((message) => agentIdentityOf(record, message) ?? []);
  const [known, contents] = await Promise.all([
    learnAuthors(ports, record, identities, nowMs),
    findContents(ports.contents, others),
  ]);
  return { chat, record: known, contents };
}

function show(
  { names }: TranscriptPorts,
  { record, chat, contents }: Known,
  message: FlexMessage,
): MessageEvent {
  const found = contents.get(message);
  const own = isOwnMessage(record, chat, message);
  const role = own ? 'customer' : message.role;
  return cutToFit({
    type: 'message',
    chat: chat.number,
    index: message.index,
    ...(own && message.clientMessageId !== undefined && { id: message.clientMessageId }),
    author: { role, name: authorName(names, record, message, role) },
    body: message.body || (found?.body ?? ''),
    ...(message.media !== undefined && { media: [...message.media] }),
    ...(found && { content: found.content }),
    ...(own && message.choice && { choice: message.choice }),
    sentAt: isoTime(message.sentAtMs),
    ...(message.editedAtMs !== undefined && { editedAt: isoTime(message.editedAtMs) }),
  });
}

const isoTime = (ms: number): string => new Date(ms).toISOString();

/**
 * As many of a page's messages as one reply holds; `complete` is false when some were left out.
 * @param upTo the index that was asked for.
 */
export async function toMessageEvents(
  ports: TranscriptPorts,
  readership: Readership,
  page: FlexMessagePage,
  nowMs: number,
  upTo = -1,
): Promise<{ messages: MessageEvent[]; complete: boolean; kept?: Kept }> {
  const { kept } = page;
  const shown = [...(kept?.edited ?? []), ...page.messages];
  const known = await looked(ports, readership, shown, nowMs);
  const messages = whatFits(page.messages.map((message) => show(ports, known, message)));
  const complete = page.complete && messages.length === page.messages.length;
  if (kept === undefined) return { messages, complete };
  const roomBytes = MAX_MESSAGES_BYTES - sizeOfAll(messages);
  const edited = kept.edited.map((message) => show(ports, known, message));
  const { number: chat } = readership.chat;
  return { messages, complete, ...keptThatFits({ ...kept, edited }, { chat, upTo }, roomBytes) };
}

/** Of one reply: so many indexes take a kilobyte at most. */
const MAX_KEPT_INDEXES = 100;
const KEPT_BYTES = 1_024;

/** As far back from the cursor as fits. What is left out is told by another reply, or seen when the page is loaded again. */
function keptThatFits(
  kept: Omit<KeptMessages, 'edited'> & { readonly edited: readonly MessageEvent[] },
  { chat, upTo }: { readonly chat: number; readonly upTo: number },
  roomBytes: number,
): { kept?: Kept } {
  let bytes = KEPT_BYTES;
  const tooMuch = kept.edited.findLast((event) => {
    bytes += sizeOf(event) + 1;
    return bytes > roomBytes;
  });
  const listed = kept.indexes.at(-MAX_KEPT_INDEXES - 1) ?? -1;
  const from = Math.max(kept.from, listed, tooMuch?.index ?? -1);
  if (bytes > roomBytes && tooMuch === undefined) return {};
  return {
    kept: {
      chat,
      from,
      upTo,
      indexes: kept.indexes.filter((index) => index > from),
      edited: kept.edited.filter(({ index }) => index > from),
    },
  };
}

const sizeOfAll = (events: readonly MessageEvent[]): number =>
  events.reduce((bytes, event) => bytes + sizeOf(event) + 1, 0);

/** The same, where the last messages count: it is the first ones that are left out. */
export async function toLatestEvents(
  ports: TranscriptPorts,
  readership: Readership,
  page: FlexMessagePage,
  nowMs: number,
): Promise<{ messages: MessageEvent[]; complete: true; earlier: boolean }> {
  const newestFirst = { ...page, messages: page.messages.toReversed() };
  const { messages, complete } = await toMessageEvents(ports, readership, newestFirst, nowMs);
  return { messages: messages.reverse(), complete: true, earlier: !complete };
}

/** At least one. */
function whatFits(events: readonly MessageEvent[]): MessageEvent[] {
  let bytes = 0;
  const tooLarge = events.findIndex((event, place) => {
    bytes += sizeOf(event) + 1;
    return bytes > MAX_MESSAGES_BYTES && place > 0;
  });
  return events.slice(0, tooLarge < 0 ? undefined : tooLarge);
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

/**
 * Cuts a message that does not fit: its body or, if that is not enough, all else. Its place in the
 * chat stays, so that clients can read the messages after it.
 */
function cutToFit(event: MessageEvent): MessageEvent {
  const whole = boundFields(event);
  if (sizeOf(whole) <= MAX_MESSAGES_BYTES) return whole;
  const cut = { ...whole, truncated: true } as const;
  const roomBytes = MAX_MESSAGES_BYTES - sizeOf({ ...cut, body: '' });
  if (roomBytes >= 0) return { ...cut, body: startOf(whole.body, roomBytes) };
  const { content: _, ...bare } = cut;
  return cutToFit({ ...bare, media: [] });
}

/** Of an id, a name or a type, in characters: nobody needs longer ones. */
const MAX_NAME = 256;
const MAX_MEDIA = 20;

function boundFields(event: MessageEvent): MessageEvent {
  const { id, author, media } = event;
  const isId = id === undefined || id.length <= MAX_NAME;
  const name = startOfName(author.name);
  const shown = media?.slice(0, MAX_MEDIA).map((one) => ({
    ...one,
    id: startOfName(one.id),
    filename: startOfName(one.filename),
    contentType: startOfName(one.contentType),
  }));
  const { id: _id, ...rest } = event;
  return {
    ...rest,
    ...(isId && id !== undefined && { id }),
    author: { ...author, name },
    ...(shown && { media: shown }),
    ...(media && media.length > MAX_MEDIA && { truncated: true as const }),
  };
}

function startOfName(text: string): string {
  return text.length <= MAX_NAME ? text : `${unsplit(text.slice(0, MAX_NAME - 1))}…`;
}

/** As much as fits: most characters take one byte in JSON, some take up to six. */
function startOf(body: string, roomBytes: number): string {
  let bytes = 0;
  let length = 0;
  for (const character of body) {
    bytes += utf8Bytes(JSON.stringify(character)) - 2;
    if (bytes > roomBytes) break;
    length += character.length;
  }
  return body.slice(0, length);
}

/** Half a surrogate pair at the cut would be shown as a replacement character. */
const unsplit = (text: string): string => text.replace(/[\uD800-\uDBFF]$/, '');

const sizeOf = (event: MessageEvent): number => utf8Bytes(encodeEvent(event));
