/** What has been said, as this client shows it. Pure. */
import type { EventOf } from '#protocol/events';
import type { Cursor } from '#protocol/frames';

/** A message that is in Flex. */
export type Message = EventOf<'message'>;

/** Each (chat, index) once, ascending. */
export type Transcript = readonly Message[];

export const EMPTY_TRANSCRIPT: Transcript = [];

/** Adds messages wherever they belong; the ones already there stay as they are. */
export function addMessages(transcript: Transcript, messages: readonly Message[]): Transcript {
  const added = newMessages(transcript, messages);
  return added.length === 0 ? transcript : [...transcript, ...added].sort(compareCursors);
}

/** @returns those not in the transcript yet, each once. */
export function newMessages(transcript: Transcript, messages: readonly Message[]): Message[] {
  return messages.filter(
    (message, place) =>
      !messageAt(transcript, message) &&
      messages.findIndex((one) => isSamePlace(one, message)) === place,
  );
}

/** @returns how many messages stand before this place. */
export function countBefore(transcript: Transcript, place: Cursor): number {
  let low = 0;
  let high = transcript.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareCursors(transcript[middle] as Message, place) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function messageAt(transcript: Transcript, place: Cursor): Message | undefined {
  const message = transcript[countBefore(transcript, place)];
  return message && isSamePlace(message, place) ? message : undefined;
}

export function compareCursors(a: Cursor, b: Cursor): number {
  return a.chat - b.chat || a.index - b.index;
}

export function isSamePlace(a: Cursor, b: Cursor): boolean {
  return a.chat === b.chat && a.index === b.index;
}
