/**
 * Reading what was missed, page by page. Pure.
 *
 * Only listings move the cursor: a message that was pushed says nothing about those before
 * it, which may be lost, and Flex's indexes have gaps.
 */
import type { EventOf } from '#protocol/events';
import type { Cursor } from '#protocol/frames';
import { compareCursors } from './transcript.ts';

export interface CatchUp {
  /** Everything up to here is known. */
  readonly cursor: Cursor;
  /** True: nothing more to ask for. */
  readonly complete: boolean;
}

/** @param after the cursor that was sent with `hello`, if any. */
export function beginCatchUp(reply: EventOf<'session'>, after: Cursor | undefined): CatchUp {
  const current = reply.chat.number;
  // The server lists the current chat when it does not know the cursor's.
  const from = after !== undefined && after.chat <= current ? after : startOf(current);
  return advance(from, reply.missed, reply.complete, current);
}

export function continueCatchUp(
  { cursor }: CatchUp,
  reply: EventOf<'history'>,
  currentChat: number,
): CatchUp {
  return advance(cursor, reply.messages, reply.complete, currentChat);
}

function advance(
  from: Cursor,
  messages: readonly Cursor[],
  listed: boolean,
  currentChat: number,
): CatchUp {
  const cursor = messages.reduce(
    (highest, { chat, index }) =>
      compareCursors({ chat, index }, highest) > 0 ? { chat, index } : highest,
    from,
  );
  if (!listed || cursor.chat >= currentChat) return { cursor, complete: listed };
  return { cursor: startOf(cursor.chat + 1), complete: false };
}

const startOf = (chat: number): Cursor => ({ chat, index: -1 });
