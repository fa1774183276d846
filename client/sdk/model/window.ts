/**
 * Which part of a transcript is kept. Pure.
 *
 * A page begins with the latest messages and reads earlier ones on demand. When more come than are
 * kept, the first ones are let go of, and can be read again. So neither time nor memory depends on
 * how long a chat is.
 */
import type { Cursor } from '#protocol/frames';
import type { ChatModel, Notice } from './chat-model.ts';
import { withChanges } from './revisions.ts';
import { addMessages, compareCursors, countBefore, type Message } from './transcript.ts';

/** As many messages as a page keeps that has read no earlier ones, and as many come on top of those that it has. */
const KEPT_MESSAGES = 500;
const KEPT_NOTICES = 200;

/** What was read of a chat before the messages that are kept. */
export interface EarlierMessages {
  readonly messages: readonly Message[];
  /** They begin after this place. */
  readonly from: Cursor;
}

/** The end of a chat was listed: what is kept begins with it. */
export function beginWindow(
  model: ChatModel,
  chat: number,
  messages: readonly Message[],
  hasMore: boolean,
): ChatModel {
  const [first] = messages;
  const from = { chat, index: hasMore && first ? first.index - 1 : -1 };
  const { transcript } = model;
  return {
    ...model,
    from,
    transcript: transcript.slice(countBefore(transcript, { chat, index: from.index + 1 })),
  };
}

/** Whether a message stands before those that are kept. */
export function isBeforeWindow({ from }: ChatModel, place: Cursor): boolean {
  return from !== undefined && compareCursors(place, from) <= 0;
}

export function hasEarlier({ from }: ChatModel): boolean {
  return from !== undefined && from.index >= 0;
}

/** Puts earlier messages before those that are kept, unless it was the end of others that was asked for. */
export function addEarlier(
  model: ChatModel,
  before: Cursor,
  { messages, from }: EarlierMessages,
): ChatModel {
  if (!model.from || compareCursors(model.from, before) !== 0) return model;
  const transcript = addMessages(model.transcript, messages);
  return withChanges({ ...model, from, transcript, keeps: transcript.length + KEPT_MESSAGES });
}

/** Lets go of the first messages when there are too many, and of the notices between them. */
export function withinWindow(model: ChatModel): ChatModel {
  const { keeps = KEPT_MESSAGES, notices, transcript } = model;
  const last = transcript[transcript.length - keeps - 1];
  if (last === undefined) return model;
  const from = { chat: last.chat, index: last.index };
  const kept = notices.findIndex(
    ({ chat, afterIndex }) => compareCursors({ chat, index: afterIndex }, from) >= 0,
  );
  const shorter = { ...model, from, transcript: transcript.slice(-keeps) };
  return withoutNotices(shorter, kept < 0 ? notices.length : kept);
}

/** Adds a notice, and lets go of the first when there are too many. */
export function addNotice(model: ChatModel, notice: Notice): ChatModel {
  const notices = [...model.notices, notice];
  return withoutNotices({ ...model, notices }, Math.max(0, notices.length - KEPT_NOTICES));
}

function withoutNotices(model: ChatModel, count: number): ChatModel {
  const { notices, noticesGone = 0 } = model;
  if (count === 0) return model;
  return { ...model, notices: notices.slice(count), noticesGone: noticesGone + count };
}
