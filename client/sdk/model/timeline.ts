/** The conversation in the order in which it is shown. Pure. */

import type { Cursor } from '#protocol/frames';
import type { ChatModel, Notice } from './chat-model.ts';
import type { OutboxEntry } from './outbox.ts';
import { compareCursors, type Message } from './transcript.ts';

/** `key` stays the same from the moment an item is first shown: a message of one's own keeps it through delivery. */
export type TimelineItem =
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly message: Message;
      /** Only ever true of the customer's own. */
      readonly readByAgent: boolean;
      /** It says something else than at first. */
      readonly edited: boolean;
    }
  | { readonly kind: 'notice'; readonly key: string; readonly notice: Notice }
  | { readonly kind: 'pending'; readonly key: string; readonly entry: OutboxEntry };

/** Messages and notices ascending, then what is still on its way, in the order of sending. */
export function timelineOf(model: ChatModel): readonly TimelineItem[] {
  const { noticesGone = 0, notices, outbox, transcript } = model;
  const placed = [
    ...transcript.map((message) => toItem(message, model)),
    ...notices.map((notice, place) => noticeItem(notice, noticesGone + place)),
  ].sort((a, b) => compareCursors(placeOf(a), placeOf(b)));
  return [...placed, ...outbox.map(pendingItem)];
}

/** The item in which each message, notice or entry was shown last. */
const shown = new WeakMap<Message | Notice | OutboxEntry, TimelineItem>();

/** The item of before if it says the same, so that whoever renders it sees at once what has changed. */
function same<Item extends TimelineItem>(source: Message | Notice | OutboxEntry, item: Item): Item {
  const former = shown.get(source) as Item | undefined;
  const fields = Object.keys(item) as (keyof Item)[];
  if (former && fields.every((field) => former[field] === item[field])) return former;
  shown.set(source, item);
  return item;
}

function toItem(message: Message, { readUpTo }: ChatModel): TimelineItem & { kind: 'message' } {
  const own = message.author.role === 'customer';
  const readByAgent = own && readUpTo !== undefined && compareCursors(message, readUpTo) <= 0;
  const key = message.id === undefined ? `${message.chat}:${message.index}` : ownKey(message.id);
  const edited = message.editedAt !== undefined;
  return same(message, { kind: 'message', key, message, readByAgent, edited });
}

function noticeItem(notice: Notice, position: number): TimelineItem & { kind: 'notice' } {
  return same(notice, { kind: 'notice', key: `notice:${position}`, notice });
}

function pendingItem(entry: OutboxEntry): TimelineItem & { kind: 'pending' } {
  return same(entry, { kind: 'pending', key: ownKey(entry.id), entry });
}

type Placed = Extract<TimelineItem, { kind: 'message' | 'notice' }>;

function placeOf(item: Placed): Cursor {
  return item.kind === 'message'
    ? item.message
    : { chat: item.notice.chat, index: item.notice.afterIndex + 0.5 };
}

const ownKey = (id: string): string => `own:${id}`;
