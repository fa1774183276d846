/** The timeline as it is shown: days, groups of one speaker, states. Pure. */
import type { Message, Notice, OutboxEntry, TimelineItem } from '#client/sdk/index';
import { type BubblePart, partsOf, pendingParts } from './bubble-parts.ts';

export interface Bubble {
  readonly kind: 'bubble';
  readonly key: string;
  readonly own: boolean;
  readonly role: Message['author']['role'];
  /** Empty for the customer's own. */
  readonly author: string;
  readonly parts: readonly BubblePart[];
  readonly isTruncated: boolean;
  readonly isEdited: boolean;
  readonly atMs: number;
  readonly state: 'none' | 'delivered' | 'read' | OutboxEntry['state'];
  /** Client message id of one that can be sent again. */
  readonly failedId?: string;
  readonly code?: OutboxEntry['code'];
  /** It follows, or is followed by, one of the same speaker. */
  readonly follows: boolean;
  readonly isFollowed: boolean;
  /** Time and state are told under it: those of the next ones differ, nothing follows, or it was edited. */
  readonly hasMeta: boolean;
}

export type Row =
  | Bubble
  | { readonly kind: 'day'; readonly key: string; readonly atMs: number }
  | { readonly kind: 'notice'; readonly key: string; readonly notice: Notice };

export type BeforeShow = (message: Message) => Message | undefined;

/** A message that the page's hook fails on is not shown: the hook may be there to keep something back. */
export const cautious =
  (beforeShow: BeforeShow = (message) => message): BeforeShow =>
  (message) => {
    try {
      return beforeShow(message);
    } catch (error) {
      console.error(error);
      return undefined;
    }
  };

/** @param timeline only the part of it that is shown. */
export function rowsOf(timeline: readonly TimelineItem[], beforeShow: BeforeShow): readonly Row[] {
  const rows: Row[] = [];
  let day = '';
  for (const item of timeline) {
    const row = rowOf(item, beforeShow);
    if (!row) continue;
    if (row.kind === 'bubble') {
      const itsDay = new Date(row.atMs).toDateString();
      if (itsDay !== day) rows.push({ kind: 'day', key: `day:${row.key}`, atMs: row.atMs });
      day = itsDay;
    }
    rows.push(row);
  }
  return rows.map((row, place) =>
    row.kind === 'bubble' ? beside(rows[place - 1], row, rows[place + 1]) : row,
  );
}

function beside(before: Row | undefined, row: Bubble, after: Row | undefined): Bubble {
  const isFollowed = isSameSpeaker(after, row);
  const isLast = !isFollowed || (after as Bubble).state !== row.state || row.state === 'failed';
  return {
    ...row,
    follows: isSameSpeaker(before, row),
    isFollowed,
    hasMeta: isLast || row.isEdited,
  };
}

function rowOf(item: TimelineItem, beforeShow: BeforeShow): Row | undefined {
  if (item.kind === 'notice') return { kind: 'notice', key: item.key, notice: item.notice };
  if (item.kind === 'pending') return pendingBubble(item.key, item.entry);
  const message = beforeShow(item.message);
  return message && messageBubble(item.key, message, item.readByAgent);
}

const ALONE = { follows: false, isFollowed: false, hasMeta: true } as const;

function messageBubble(key: string, message: Message, readByAgent: boolean): Bubble {
  const { author, editedAt, sentAt, truncated = false } = message;
  const own = author.role === 'customer';
  return {
    ...ALONE,
    kind: 'bubble',
    key,
    own,
    role: author.role,
    author: own ? '' : author.name,
    parts: partsOf(message),
    isTruncated: truncated,
    isEdited: editedAt !== undefined,
    atMs: Date.parse(sentAt),
    state: own ? (readByAgent ? 'read' : 'delivered') : 'none',
  };
}

function pendingBubble(key: string, entry: OutboxEntry): Bubble {
  const { id, createdAtMs, state, code } = entry;
  return {
    ...ALONE,
    kind: 'bubble',
    key,
    own: true,
    role: 'customer',
    author: '',
    parts: pendingParts(entry),
    isTruncated: false,
    isEdited: false,
    atMs: createdAtMs,
    state,
    ...(state === 'failed' && { failedId: id, code }),
  };
}

function isSameSpeaker(a: Row | undefined, b: Bubble): boolean {
  return a?.kind === 'bubble' && a.own === b.own && a.author === b.author && a.role === b.role;
}
