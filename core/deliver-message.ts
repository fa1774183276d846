import { isBlank } from '#protocol/blank';
import type { Code } from '#protocol/codes';
import { closeEndedSession } from './close-ended-session.ts';
import { endChat } from './end-chat.ts';
import { ChatError, hasCode, wireCode } from './errors.ts';
import { isAbuse } from './is-abuse.ts';
import { isUnverified } from './judge-service.ts';
import { type OpenChatPorts, openChat } from './open-chat.ts';
import type { Attempt, MessageLetter } from './ports.ts';
import { isGone, postToChat } from './post-to-chat.ts';
import { publish } from './publish.ts';
import { serveOrEnd } from './serve-or-end.ts';
import { type SessionRecord, type StartedChat, sessionExpiry } from './session.ts';
import { arrivedBefore, wasPosted } from './was-posted.ts';

/** `posted` now, `found` in Flex from an earlier attempt, or the customer was told it was `rejected`. */
export type Delivery = 'posted' | 'found' | 'rejected';

/**
 * Brings one message of a customer to Flex exactly once, opening the chat's channel on the
 * first. Call it for one message of a session at a time.
 *
 * The attempt is recorded before the post. When a letter comes again after a recorded
 * attempt, or has waited, Flex's transcript decides whether to post: Twilio has no idempotency key.
 *
 * @param isAgain the letter was delivered before: that it comes again is not its sender's doing.
 * @throws ChatError retryable ones only; what fails for good is told to the customer as `rejected`.
 */
export async function deliverMessage(
  ports: OpenChatPorts,
  letter: MessageLetter,
  nowMs: number,
  { isAgain = false } = {},
): Promise<Delivery> {
  const { sessionId, chat } = letter;
  // Accepted by a version that took them.
  if (isBlank(letter.body)) return rejectMessage(ports, letter, 'bad_frame', nowMs);
  const attempt = await ports.sessions.recordAttempt(
    sessionId,
    attemptOf(ports, letter),
    chat,
    nowMs,
  );
  switch (attempt.outcome) {
    case 'recorded':
      return (await arrivedBefore(ports, letter, nowMs))
        ? 'found'
        : postServed(ports, letter, attempt.chat, isUnverified(attempt, letter), nowMs);
    case 'repeated':
      if (!isAgain && (await isAbuse(ports, letter, nowMs)))
        return rejectMessage(ports, letter, 'rate_limited', nowMs);
      return (await wasPosted(ports, letter, attempt.record, nowMs))
        ? 'found'
        : place(ports, letter, attempt.record, nowMs, { isUnverified: true });
    case 'too-fast':
      if (!isAgain) await isAbuse(ports, letter, nowMs);
      return rejectMessage(ports, letter, 'rate_limited', nowMs);
    case 'not-open': {
      const record = attempt.record ?? (await begin(ports, letter, nowMs));
      return record === undefined
        ? rejectMessage(ports, letter, 'no_chat', nowMs)
        : place(ports, letter, record, nowMs);
    }
  }
}

function attemptOf({ burstWindowMs = 0 }: OpenChatPorts, letter: MessageLetter): Attempt {
  return { id: letter.id, acceptedAtMs: letter.acceptedAtMs, burstWindowMs };
}

/** Tells the customer that an accepted message will not reach Flex; if the session has ended, that too. */
export async function rejectMessage(
  ports: Pick<OpenChatPorts, 'sessions' | 'connections' | 'customers'>,
  letter: MessageLetter,
  code: Code,
  nowMs: number,
): Promise<'rejected'> {
  const rejected = { type: 'rejected', id: letter.id, code } as const;
  const record = await ports.sessions.find(letter.sessionId, nowMs);
  if (record) await publish(ports, record, rejected, nowMs);
  else await closeEndedSession(ports, letter, nowMs, [rejected]);
  return 'rejected';
}

/**
 * Tells what became of a message that was tried too often. The last try may have arrived without
 * an answer; while Flex can't be asked, it counts as not arrived.
 * @returns whether it is in Flex; if not, the customer has been told.
 */
export async function checkMessageFinally(
  ports: OpenChatPorts,
  letter: MessageLetter,
  nowMs: number,
): Promise<boolean> {
  const record = await ports.sessions.find(letter.sessionId, nowMs);
  if (record && (await wasPosted(ports, letter, record, nowMs).catch(() => false))) return true;
  await rejectMessage(ports, letter, 'undeliverable', nowMs);
  return false;
}

/**
 * Posts into the chat that the message is for, opening it if need be.
 * @param isUnverified an earlier attempt broke off, perhaps in the midst of a look.
 */
async function place(
  ports: OpenChatPorts,
  letter: MessageLetter,
  record: SessionRecord,
  nowMs: number,
  { isUnverified = false } = {},
): Promise<Delivery> {
  const { chat } = record.session;
  const meant = letter.chat ?? (chat.state === 'ended' ? chat.number + 1 : chat.number);
  if (meant < chat.number || (meant === chat.number && chat.state === 'ended')) {
    return rejectMessage(ports, letter, 'chat_ended', nowMs);
  }
  if (letter.chat !== undefined && meant > chat.number) {
    return rejectMessage(ports, letter, 'no_chat', nowMs);
  }
  if (chat.state === 'open') return postServed(ports, letter, chat, isUnverified, nowMs);
  const opened = await orRejected(ports, letter, nowMs, () =>
    openChat(ports, record, attemptOf(ports, letter), nowMs),
  );
  if (opened === 'rejected') return opened;
  return opened.state === 'open'
    ? post(ports, letter, opened, nowMs)
    : deliverMessage(ports, letter, nowMs, { isAgain: true });
}

/** Looks first whether somebody is there, if that is unverified; as a rule it is not. */
async function postServed(
  ports: OpenChatPorts,
  letter: MessageLetter,
  chat: StartedChat,
  isUnverified: boolean,
  nowMs: number,
): Promise<Delivery> {
  const record = isUnverified ? await ports.sessions.find(letter.sessionId, nowMs) : undefined;
  if (record !== undefined) {
    const served = await orRejected(ports, letter, nowMs, () =>
      serveOrEnd(ports, record, chat, { reason: 'unverified', sureFromMs: nowMs }, nowMs),
    );
    if (served === 'rejected') return served;
    if (served === 'ended') return deliverMessage(ports, letter, nowMs, { isAgain: true });
    if (served === 'paused') return post(ports, letter, paused(chat), nowMs);
  }
  return post(ports, letter, chat, nowMs);
}

const paused = (chat: StartedChat): StartedChat => ({
  ...chat,
  channel: { ...chat.channel, isPaused: true },
});

async function post(
  ports: OpenChatPorts,
  letter: MessageLetter,
  chat: StartedChat,
  nowMs: number,
): Promise<Delivery> {
  const { sessionId, id, body, attributes } = letter;
  const message = { id, body, ...(attributes !== undefined && { attributes }) };
  try {
    const posted = await orRejected(ports, letter, nowMs, () =>
      postToChat(ports, { sessionId, chat }, message, nowMs),
    );
    return posted === 'rejected' ? posted : 'posted';
  } catch (error) {
    if (!hasCode(error, 'CHAT_ENDED')) throw error;
    // The post is the first to learn of the end. Without a chat named, the message opens the next one.
    const by = isGone(error) ? 'system' : 'agent';
    const record = await ports.sessions.find(sessionId, nowMs);
    if (record) await endChat(ports, record, chat, { by, atMs: nowMs }, nowMs);
    return deliverMessage(ports, letter, nowMs, { isAgain: true });
  }
}

/** A client that sends before `hello` has no session yet. */
async function begin(
  ports: OpenChatPorts,
  letter: MessageLetter,
  nowMs: number,
): Promise<SessionRecord | undefined> {
  try {
    await ports.sessions.renew(letter.sessionId, nowMs, sessionExpiry(nowMs).rowExpiresAtMs);
    return await ports.sessions.find(letter.sessionId, nowMs);
  } catch (error) {
    if (hasCode(error, 'SESSION_GONE')) return undefined;
    throw error;
  }
}

/** Runs a step towards Flex; a refusal for good becomes a rejection. The end of the chat is the caller's. */
async function orRejected<Result>(
  ports: OpenChatPorts,
  letter: MessageLetter,
  nowMs: number,
  step: () => Promise<Result>,
): Promise<Result | 'rejected'> {
  try {
    return await step();
  } catch (error) {
    const final = error instanceof ChatError && !error.retryable && error.code !== 'CHAT_ENDED';
    if (!final) throw error;
    return rejectMessage(ports, letter, wireCode(error), nowMs);
  }
}
