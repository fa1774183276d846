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
  const known = new Set(transcript.map(positionKey));
  return messages.filter((message) => {
    const key = positionKey(message);
    return known.has(key) ? false : known.add(key);
  });
}

export function compareCursors(a: Cursor, b: Cursor): number {
  return a.chat - b.chat || a.index - b.index;
}

export function isAt(message: Cursor, chat: number, index: number): boolean {
  return message.chat === chat && message.index === index;
}

const positionKey = ({ chat, index }: Message): string => `${chat}:${index}`;
