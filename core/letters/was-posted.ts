import { type PublishPorts, publish } from '#core/connections/publish';
import type { FlexMessages, FlexNames } from '#core/flex';
import type { MessageLetter, SessionStore } from '#core/ports';
import { chatRef, type SessionRecord } from '#core/session';
import { toMessageEvent } from '#core/transcript/transcript';

export interface LookUpPorts extends PublishPorts {
  readonly sessions: SessionStore;
  readonly flex: FlexMessages & FlexNames;
}

/** How far the clocks of AWS and Flex may be apart. */
const CLOCK_SKEW_MS = 60_000;

/** More chats than end within the time in which a letter may come again. */
const CHATS_BACK = 4;

/** Longer than a letter waits while nothing is wrong. */
const PROMPT_MS = 3_000;

/**
 * A letter that waited may stand behind an earlier one of the same message and more others than
 * are remembered, if its client sent it again meanwhile. A prompt one needs no look.
 */
export async function arrivedBefore(
  ports: LookUpPorts,
  letter: MessageLetter,
  nowMs: number,
): Promise<boolean> {
  if (nowMs - letter.acceptedAtMs <= PROMPT_MS) return false;
  const record = await ports.sessions.find(letter.sessionId, nowMs);
  return record !== undefined && wasPosted(ports, letter, record, nowMs);
}

/** Was the message posted by an earlier attempt? Then its echo is pushed again, as the first may be lost. */
export async function wasPosted(
  ports: LookUpPorts,
  letter: MessageLetter,
  record: SessionRecord,
  nowMs: number,
): Promise<boolean> {
  const current = record.session.chat.number;
  // Before it was accepted it can't have been posted, and a client reads what is in Flex before it sends again.
  const sinceMs = letter.acceptedAtMs - CLOCK_SKEW_MS;
  // A message that names no chat may have gone to an earlier one, if that ended in between.
  const latest = letter.chat ?? current;
  const earliest = letter.chat ?? Math.max(1, current - CHATS_BACK);
  for (let number = Math.min(latest, current); number >= earliest; number -= 1) {
    const chat = chatRef(record.session, number);
    const found = await ports.flex.findMessage(chat, letter.id, sinceMs);
    if (found === undefined) continue;
    const { sessions, flex: names } = ports;
    const echo = await toMessageEvent({ sessions, names }, { record, chat }, found, nowMs);
    await publish(ports, record, echo, nowMs);
    return true;
  }
  return false;
}
