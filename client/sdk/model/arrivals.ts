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
import { isDeleted, revise, SECOND_MS } from './revisions.ts';
import {
  addMessages,
  compareCursors,
  countBefore,
  isSamePlace,
  type Message,
  messageAt,
} from './transcript.ts';
import { isBeforeWindow, withinWindow } from './window.ts';

/** A message was pushed. */
export function receive(model: ChatModel, message: Message): ChatModel {
  if (isDeleted(model, message) || isBeforeWindow(model, message)) return model;
  const isKnown =
    messageAt(model.transcript, message) || model.held.some((one) => isSamePlace(one, message));
  if (isKnown) return revise(model, [message]);
  return showReady({ ...model, held: [...model.held, message] });
}

/** Messages were listed: they are shown, and may let go of some that were held back. */
export function list(model: ChatModel, messages: readonly Message[]): ChatModel {
  const present = messages.filter((message) => !isDeleted(model, message));
  const revised = revise(model, present, SECOND_MS);
  // What an event has told of one that is held back may be newer.
  const inHand = present.map(
    (message) => revised.held.find((one) => isSamePlace(one, message)) ?? message,
  );
  return showReady(show(revised, inHand));
}

/** Shows everything up to here that is held back: it has waited long enough. */
export function release(model: ChatModel, upTo: Cursor): ChatModel {
  const due = model.held.filter((message) => compareCursors(message, upTo) <= 0);
  return due.length === 0 ? model : showReady(show(model, due));
}

function show(model: ChatModel, messages: readonly Message[]): ChatModel {
  const held = model.held.filter(
    (waiting) => !messages.some((message) => isSamePlace(message, waiting)),
  );
  const transcript = addMessages(
    model.transcript,
    messages.filter((message) => !isBeforeWindow(model, message)),
  );
  const shown = advanceCursor({
    ...model,
    transcript,
    endsAt: transcript === model.transcript ? model.endsAt : undefined,
    held: held.length === model.held.length ? model.held : held,
    outbox: withoutSaid(model.outbox, messages),
  });
  return withinWindow(shown);
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
  return messageAt(transcript, predecessor) !== undefined;
}

/** No listing is needed from one index to the next: there is nothing in between. */
function advanceCursor(model: ChatModel): ChatModel {
  const { catchUp, transcript } = model;
  if (catchUp === undefined) return model;
  const { chat, index } = catchUp.cursor;
  let last = index;
  for (const message of transcript.slice(countBefore(transcript, { chat, index: index + 1 }))) {
    if (!isSamePlace(message, { chat, index: last + 1 })) break;
    last += 1;
  }
  return last === index
    ? model
    : { ...model, catchUp: { ...catchUp, cursor: { chat, index: last } } };
}
