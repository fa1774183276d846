/** Which of two tellings of a message counts. Pure. */
import type { Cursor } from '#protocol/frames';
import type { ChatModel } from './chat-model.ts';
import { isAt, type Message } from './transcript.ts';

export function isDeleted({ deleted = [] }: ChatModel, place: Cursor): boolean {
  return deleted.some((one) => isSamePlace(one, place));
}

/** Listings tell times to the second, events to the millisecond. */
export const SECOND_MS = 1_000;

/**
 * Takes over what the messages say that are known, if it is newer.
 * @param precisionMs of the times that they tell.
 */
export function revise(
  model: ChatModel,
  messages: readonly Message[],
  precisionMs: 1 | typeof SECOND_MS = 1,
): ChatModel {
  const inPlace = (known: Message): Message => {
    const told = messages.find((one) => isSamePlace(one, known));
    return told === undefined ? known : newerOf(known, told, precisionMs);
  };
  const transcript = changeAll(model.transcript, inPlace);
  const held = changeAll(model.held, inPlace);
  const isSame = transcript === model.transcript && held === model.held;
  return isSame ? model : { ...model, transcript, held };
}

function newerOf(known: Message, told: Message, precisionMs: number): Message {
  if (isSaidIn(told, known)) return known;
  const revision = (message: Message) =>
    Math.floor(Date.parse(message.editedAt ?? message.sentAt) / precisionMs);
  const isFirst = precisionMs === 1 && told.editedAt === undefined;
  if (!isFirst && revision(told) >= revision(known)) {
    const { author, media = told.media } = known;
    const editedAt = told.editedAt ?? told.sentAt;
    return { ...told, author, editedAt, ...(media && { media }) };
  }
  // The message itself, late: it alone is sure to name the author.
  return isFirst && known.author.name !== told.author.name
    ? { ...known, author: told.author }
    : known;
}

/** Flex counts a message as changed when only its attributes were: that is nothing to show. */
function isSaidIn(told: Message, { body }: Message): boolean {
  return told.body === body;
}

function changeAll(
  messages: readonly Message[],
  to: (message: Message) => Message,
): readonly Message[] {
  const changed = messages.map(to);
  return changed.some((message, place) => message !== messages[place]) ? changed : messages;
}

export const isSamePlace = (a: Cursor, b: Cursor): boolean => isAt(a, b.chat, b.index);
