/** How messages change after they were said, and go. Pure. */
import type { EventOf, Kept } from '#protocol/events';
import { receive } from './arrivals.ts';
import type { ChatModel } from './chat-model.ts';
import { withoutSaid } from './outbox.ts';
import { isDeleted, isSamePlace, revise, SECOND_MS } from './revisions.ts';
import { isAt, type Message } from './transcript.ts';

/** So many deleted messages are remembered: something late may still tell of them. */
const MAX_DELETED = 500;

/** A message says something else now. Of two changes the later one counts, whichever comes first. */
export function applyEdited(model: ChatModel, event: EventOf<'messageEdited'>): ChatModel {
  const message: Message = { ...event, type: 'message' };
  const isKnown = [...model.transcript, ...model.held].some((one) => isSamePlace(one, message));
  return isKnown ? revise(model, [message]) : receive(model, message);
}

/** A message is gone from Flex, and from here. It may not have come yet, and does not come any more. */
export function applyDeleted(
  model: ChatModel,
  { chat, index, id }: EventOf<'messageDeleted'>,
): ChatModel {
  if (isDeleted(model, { chat, index })) return model;
  const left = without(model, (message) => isAt(message, chat, index));
  const deleted = [...(model.deleted ?? []), { chat, index }].slice(-MAX_DELETED);
  return {
    ...left,
    deleted,
    outbox: id === undefined ? model.outbox : withoutSaid(model.outbox, [{ id }]),
  };
}

/** A listing was read past messages that are known: what it does not have is gone, and some say something else. */
export function applyKept(model: ChatModel, kept: Kept | undefined): ChatModel {
  if (kept === undefined) return model;
  const { chat, from, upTo } = kept;
  const there = new Set(kept.indexes);
  const left = without(
    model,
    (one) => one.chat === chat && one.index > from && one.index <= upTo && !there.has(one.index),
  );
  return readAgain(revise(left, kept.edited, SECOND_MS), kept);
}

/** What Flex has and is not known here is read again from before it on. */
function readAgain(model: ChatModel, { chat, indexes }: Kept): ChatModel {
  const { catchUp } = model;
  if (catchUp?.cursor.chat !== chat) return model;
  const known = new Set(
    [...model.transcript, ...model.held, ...(model.deleted ?? [])]
      .filter((place) => place.chat === chat)
      .map(({ index }) => index),
  );
  const missing = indexes.find((index) => !known.has(index));
  if (missing === undefined || missing > catchUp.cursor.index) return model;
  return { ...model, catchUp: { cursor: { chat, index: missing - 1 }, complete: false } };
}

function without(model: ChatModel, isGone: (message: Message) => boolean): ChatModel {
  const keep = (messages: readonly Message[]) =>
    messages.some(isGone) ? messages.filter((message) => !isGone(message)) : messages;
  const transcript = keep(model.transcript);
  const held = keep(model.held);
  const isSame = transcript === model.transcript && held === model.held;
  return isSame ? model : { ...model, transcript, held };
}
