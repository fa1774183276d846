/**
 * Messages on their way into the transcript. Pure.
 *
 * Flex's indexes ascend but have gaps, and events may overtake each other or get lost. So a
 * message whose predecessor is not known is held back until a listing tells whether there is
 * one, or until it has waited long enough.
 */
import type { Cursor } from '#protocol/frames';
import type { ChatModel } from './chat-model.ts';
import { withoutSaid } from './outbox.ts';
import { addMessages, compareCursors, isAt, type Message, newMessages } from './transcript.ts';

/** A message was pushed. */
export function receive(model: ChatModel, message: Message): ChatModel {
  const isNew = newMessages([...model.transcript, ...model.held], [message]).length > 0;
  return isNew ? showReady({ ...model, held: [...model.held, message] }) : model;
}

/** Messages were listed: they are shown, and may let go of some that were held back. */
export function list(model: ChatModel, messages: readonly Message[]): ChatModel {
  return showReady(show(model, messages));
}

/** Shows everything up to here that is held back: it has waited long enough. */
export function release(model: ChatModel, upTo: Cursor): ChatModel {
  const due = model.held.filter((message) => compareCursors(message, upTo) <= 0);
  return due.length === 0 ? model : showReady(show(model, due));
}

function show(model: ChatModel, messages: readonly Message[]): ChatModel {
  const shown = newMessages(messages, model.held);
  const transcript = addMessages(model.transcript, messages);
  return advanceCursor({
    ...model,
    transcript,
    endsAt: transcript === model.transcript ? model.endsAt : undefined,
    held: shown.length === model.held.length ? model.held : shown,
    outbox: withoutSaid(model.outbox, messages),
  });
}

function showReady(model: ChatModel): ChatModel {
  const ready = model.held.find((message) => hasPredecessor(model, message));
  return ready === undefined ? model : showReady(show(model, [ready]));
}

function hasPredecessor({ catchUp, transcript }: ChatModel, message: Message): boolean {
  if (catchUp === undefined) return false;
  const { chat, index } = message;
  const predecessor = { chat, index: index - 1 };
  if (index <= 0 || compareCursors(predecessor, catchUp.cursor) <= 0) return true;
  return transcript.some((known) => isAt(known, chat, index - 1));
}

/** No listing is needed from one index to the next: there is nothing in between. */
function advanceCursor(model: ChatModel): ChatModel {
  const { catchUp, transcript } = model;
  if (catchUp === undefined) return model;
  const { chat, index } = catchUp.cursor;
  let last = index;
  for (const message of transcript) if (isAt(message, chat, last + 1)) last += 1;
  return last === index
    ? model
    : { ...model, catchUp: { ...catchUp, cursor: { chat, index: last } } };
}
