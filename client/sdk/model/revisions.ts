/** Which of two tellings of a message counts. Pure. */
import type { Cursor } from '#protocol/frames';
import type { ChatModel } from './chat-model.ts';
import { isSamePlace, type Message } from './transcript.ts';

/** Listings tell times to the second, events to the millisecond. */
export const SECOND_MS = 1_000;

export const isDeleted = ({ deleted = [] }: ChatModel, place: Cursor): boolean =>
  deleted.some((one) => isSamePlace(one, place));

/** Changes messages that are shown or held back, or leaves out those of which nothing is made. */
export function withMessages(
  model: ChatModel,
  to: (message: Message) => Message | undefined,
): ChatModel {
  let isSame = true;
  const change = (messages: readonly Message[]) =>
    messages.flatMap((message) => {
      const changed = to(message);
      isSame &&= changed === message;
      return changed ?? [];
    });
  const transcript = change(model.transcript);
  const held = change(model.held);
  return isSame ? model : { ...model, transcript, held };
}

/**
 * Takes over what the messages say that are known, if it is newer.
 * @param precisionMs of the times that they tell.
 */
export function revise(model: ChatModel, messages: readonly Message[], precisionMs = 1): ChatModel {
  return withMessages(model, (known) => {
    const told = messages.find((one) => isSamePlace(one, known));
    return told && isNews(told, known, precisionMs)
      ? { ...known, body: told.body, editedAt: told.editedAt ?? told.sentAt }
      : known;
  });
}

/**
 * What was told of messages before they were kept, or that other tabs keep: those that are gone, and
 * new words.
 */
export function withChanges(model: ChatModel): ChatModel {
  const left = withMessages(model, (one) => (isDeleted(model, one) ? undefined : one));
  return (model.edited ?? []).reduce((now, one) => revise(now, [one]), left);
}

/** Flex counts a message as changed when only its attributes were: that is nothing to show. */
function isNews(told: Message, known: Message, precisionMs: number): boolean {
  const revision = ({ editedAt, sentAt }: Message) =>
    Math.floor(Date.parse(editedAt ?? sentAt) / precisionMs);
  // An event without the time of a change tells of the message as it was first.
  const isFirst = precisionMs === 1 && !told.editedAt;
  return told.body !== known.body && !isFirst && revision(told) >= revision(known);
}
