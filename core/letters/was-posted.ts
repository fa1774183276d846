import { type PublishPorts, publish } from '#core/connections/publish';
import type { FlexMessages, FlexNames } from '#core/flex';
import type { PostLetter, SessionStore } from '#core/ports';
import { chatRef, type SessionRecord } from '#core/session';
import { toMessageEvent } from '#core/transcript/transcript';

export interface LookUpPorts extends PublishPorts {
  readonly sessions: SessionStore;
  readonly flex: FlexMessages & FlexNames;
}

/** How far the clocks of AWS and Flex may be apart. */
const CLOCK_SKEW_MS = 60_000;

/** A letter does not stay in the queue for so long that more chats end meanwhile. */
const CHATS_BACK = 4;

/** Longer than a letter waits while nothing is wrong. */
const PROMPT_MS = 3_000;

/**
 * Was the message of a letter that waited posted by another letter? After an outage the queue may
 * hold the same message twice, with more messages in between than the session remembers. A letter
 * that did not wait needs no look into Flex.
 */
export async function arrivedBefore(
  ports: LookUpPorts,
  letter: PostLetter,
  nowMs: number,
): Promise<boolean> {
  if (nowMs - letter.acceptedAtMs <= PROMPT_MS) return false;
  const record = await ports.sessions.find(letter.sessionId, nowMs);
  return record !== undefined && wasPosted(ports, letter, record, nowMs);
}

/**
 * Looks in Flex for a message of an earlier attempt. If it is there, pushes its echo again: the
 * first may be lost.
 */
export async function wasPosted(
  ports: LookUpPorts,
  letter: PostLetter,
  record: SessionRecord,
  nowMs: number,
): Promise<boolean> {
  const current = record.session.chat.number;
  // It can't have been posted before it was accepted. If its client sent it before, the client has
  // read Flex's transcript since.
  const sinceMs = letter.acceptedAtMs - CLOCK_SKEW_MS;
  // If the message names no chat, its earlier attempt may have gone into a chat that has ended
  // since.
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
