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
    }
  | { readonly kind: 'notice'; readonly key: string; readonly notice: Notice }
  | { readonly kind: 'pending'; readonly key: string; readonly entry: OutboxEntry };

/** Messages and notices ascending, then what is still on its way, in the order of sending. */
export function timelineOf(model: ChatModel): readonly TimelineItem[] {
  const messages = model.transcript.map((message) => toItem(message, model));
  const notices = model.notices.map(noticeItem);
  const placed = [...messages, ...notices].sort((a, b) => compareCursors(placeOf(a), placeOf(b)));
  return [...placed, ...model.outbox.map(pendingItem)];
}

/**
 * Takes over each item of before that says the same, so that whoever renders them sees at once
 * what has changed. In a tab that follows, all else is a copy after each change.
 */
export function keepItems(
  before: readonly TimelineItem[],
  after: readonly TimelineItem[],
): readonly TimelineItem[] {
  const known = new Map(before.map((item) => [item.key, item]));
  return after.map((item) => {
    const former = known.get(item.key);
    return former && JSON.stringify(former) === JSON.stringify(item) ? former : item;
  });
}

function toItem(message: Message, { readUpTo }: ChatModel): TimelineItem & { kind: 'message' } {
  const own = message.author.role === 'customer';
  const readByAgent = own && readUpTo !== undefined && compareCursors(message, readUpTo) <= 0;
  const key = message.id === undefined ? `${message.chat}:${message.index}` : ownKey(message.id);
  return { kind: 'message', key, message, readByAgent };
}

function noticeItem(notice: Notice, position: number): TimelineItem & { kind: 'notice' } {
  return { kind: 'notice', key: `notice:${position}`, notice };
}

function pendingItem(entry: OutboxEntry): TimelineItem & { kind: 'pending' } {
  return { kind: 'pending', key: ownKey(entry.id), entry };
}

type Placed = Extract<TimelineItem, { kind: 'message' | 'notice' }>;

function placeOf(item: Placed): Cursor {
  return item.kind === 'message'
    ? item.message
    : { chat: item.notice.chat, index: item.notice.afterIndex + 0.5 };
}

const ownKey = (id: string): string => `own:${id}`;
