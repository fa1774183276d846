/** How messages change after they were said, and go. Pure. */
import type { EventOf, Kept } from '#protocol/events';
import { receive } from './arrivals.ts';
import type { ChatModel } from './chat-model.ts';
import { withoutSaid } from './outbox.ts';
import { isDeleted, revise, SECOND_MS, withMessages } from './revisions.ts';
import { isSamePlace, type Message } from './transcript.ts';
import { isBeforeWindow } from './window.ts';

/** So many deleted messages are remembered: something late may still tell of them. */
const MAX_DELETED = 500;

/** So many changes are remembered: a page that was read before them may still come. */
const MAX_EDITED = 100;

/** A message says something else now. Of two changes the later one counts, whichever comes first. */
export function applyEdited(model: ChatModel, event: EventOf<'messageEdited'>): ChatModel {
  const message: Message = { ...event, type: 'message' };
  const received = receive(model, message);
  if (received === model && !isBeforeWindow(model, message)) return model;
  return { ...received, edited: [...(model.edited ?? []), message].slice(-MAX_EDITED) };
}

/** A message is gone from Flex, and from here. It may not have come yet, and does not come any more. */
export function applyDeleted(model: ChatModel, event: EventOf<'messageDeleted'>): ChatModel {
  if (isDeleted(model, event)) return model;
  const { chat, index, id } = event;
  return {
    ...withMessages(model, (message) => (isSamePlace(message, event) ? undefined : message)),
    deleted: [...(model.deleted ?? []), { chat, index }].slice(-MAX_DELETED),
    outbox: id ? withoutSaid(model.outbox, [{ id }]) : model.outbox,
  };
}

/** A listing was read past messages that are known: what it does not have is gone, and some say something else. */
export function applyKept(model: ChatModel, kept: Kept | undefined): ChatModel {
  if (!kept) return model;
  const { chat, from, upTo, indexes } = kept;
  const left = withMessages(model, (one) => {
    const isInReach = one.chat === chat && one.index > from && one.index <= upTo;
    return isInReach && !indexes.includes(one.index) ? undefined : one;
  });
  return readAgain(revise(left, kept.edited, SECOND_MS), kept);
}

/** What Flex has and is not known here, as a listing lagged behind, is read from before it on. */
function readAgain(model: ChatModel, { chat, indexes }: Kept): ChatModel {
  const { catchUp, deleted = [], held, transcript } = model;
  const known = [...transcript, ...held, ...deleted];
  const missing = indexes.find(
    (index) =>
      !isBeforeWindow(model, { chat, index }) &&
      !known.some((place) => isSamePlace(place, { chat, index })),
  );
  if (missing === undefined || catchUp?.cursor.chat !== chat || missing > catchUp.cursor.index) {
    return model;
  }
  return { ...model, catchUp: { cursor: { chat, index: missing - 1 }, complete: false } };
}
