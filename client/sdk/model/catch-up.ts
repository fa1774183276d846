/** How far everything that was said is known, and what is still to be read. Pure. */
import type { EventOf } from '#protocol/events';
import type { Cursor } from '#protocol/frames';
import type { CatchUp, ChatModel } from './chat-model.ts';
import { compareCursors } from './transcript.ts';

/** @param after the cursor that was sent with `hello`, if any. */
export function beginCatchUp(reply: EventOf<'session'>, after: Cursor | undefined): CatchUp {
  const current = reply.chat.number;
  // The server lists the current chat when it does not know the cursor's.
  const from = after !== undefined && after.chat <= current ? after : startOf(current);
  return advance(from, reply.missed, reply.complete, current);
}

/** A reply, such as to `startChat`, names a newer chat and lists nothing: the client has to read up to it. */
export function noticeChat(catchUp: CatchUp, currentChat: number): CatchUp {
  return catchUp.cursor.chat < currentChat ? { ...catchUp, complete: false } : catchUp;
}

export function continueCatchUp(
  { cursor }: CatchUp,
  page: EventOf<'history'>,
  currentChat: number,
): CatchUp {
  // The cursor has moved on since this page was asked for: where the page ends is no news.
  if (page.chat < cursor.chat) return { cursor, complete: cursor.chat >= currentChat };
  // Listed before the end of an earlier chat, it may lack the last messages.
  const isFinal = page.chat >= currentChat || page.state === 'ended';
  return advance(cursor, page.messages, page.complete && isFinal, currentChat);
}

/** The connection is lost: what is said from now on is not heard. */
export function loseTouch(model: ChatModel): ChatModel {
  return model.catchUp?.complete
    ? { ...model, catchUp: { ...model.catchUp, complete: false } }
    : model;
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
