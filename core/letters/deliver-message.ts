import { endChat } from '#core/chats/end-chat';
import { openChat } from '#core/chats/open-chat';
import { ChatError, hasCode, wireCode } from '#core/errors';
import type { PostLetter } from '#core/ports';
import { serveOrEnd } from '#core/service/serve-or-end';
import type { StartedChat } from '#core/session';
import { isBlank } from '#protocol/blank';
import {
  attemptMessage,
  attemptOf,
  type DeliveryContext,
  type DeliveryPolicy,
  type DeliveryPorts,
  type Place,
} from './attempt-message.ts';
import { contentOf } from './content-of.ts';
import { isGone, postToChat } from './post-to-chat.ts';
import { rejectMessage } from './reject-message.ts';

/** `posted` now, `found` in Flex from an earlier attempt, or the customer was told it was `rejected`. */
export type Delivery = 'posted' | 'found' | 'rejected';

/** Each chat that turns out to have ended costs one round; so many in one delivery are a fault. */
const MAX_ROUNDS = 5;

/**
 * Brings one message of a customer to Flex exactly once, opening the chat's channel on the
 * first. Call it for one message of a session at a time.
 *
 * The attempt is recorded before the post. When a letter comes again after a recorded
 * attempt, or has waited, Flex's transcript decides whether to post: Twilio has no idempotency key.
 *
 * @param isAgain the queue delivered the letter before: that it comes again is not its sender's doing.
 * @throws ChatError retryable ones only; what fails for good is told to the customer as `rejected`.
 */
export async function deliverMessage(
  ports: DeliveryPorts,
  policy: DeliveryPolicy,
  letter: PostLetter,
  nowMs: number,
  { isAgain = false } = {},
): Promise<Delivery> {
  // Earlier versions accepted blank messages.
  if (letter.kind === 'message' && isBlank(letter.body))
    return rejectMessage(ports, letter, 'bad_frame', nowMs);
  const context = { ports, policy, letter, content: contentOf(ports, letter), nowMs };
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const place = await attemptMessage(context, { isAgain: isAgain || round > 1 });
    if (place === 'found' || place === 'rejected') return place;
    const delivery = await deliverTo(place, context);
    if (delivery !== 'chat-ended') return delivery;
  }
  throw new ChatError(
    'UPSTREAM_UNAVAILABLE',
    `the chats of session ${letter.sessionId} keep ending`,
  );
}

/** @returns `chat-ended` when the chat has ended, here too by now: the message needs another place. */
async function deliverTo(
  place: Place,
  context: DeliveryContext,
): Promise<'posted' | 'rejected' | 'chat-ended'> {
  const chat = place.to === 'open' ? await open(place, context) : await verify(place, context);
  if (chat === 'rejected') return 'rejected';
  return chat.state === 'open' ? post(chat, context) : 'chat-ended';
}

async function open(
  { record }: Extract<Place, { to: 'open' }>,
  context: DeliveryContext,
): Promise<StartedChat | 'rejected'> {
  const { ports, policy, nowMs } = context;
  return orRejected(context, () => openChat(ports, policy, record, attemptOf(context), nowMs));
}

/** Asks Flex first who serves the chat, if that is unverified. @returns the chat as it stands then. */
async function verify(
  { chat, isUnverified }: Extract<Place, { to: 'post' }>,
  context: DeliveryContext,
): Promise<StartedChat | 'rejected'> {
  const { ports, policy, letter, nowMs } = context;
  const record = isUnverified ? await ports.sessions.find(letter.sessionId, nowMs) : undefined;
  if (record === undefined) return chat;
  const order = { reason: 'unverified', sureFromMs: nowMs } as const;
  const served = await orRejected(context, () =>
    serveOrEnd(ports, policy, record, chat, order, nowMs),
  );
  if (served === 'rejected') return served;
  if (served === 'ended') return { ...chat, state: 'ended' };
  return served === 'paused' ? { ...chat, channel: { ...chat.channel, isPaused: true } } : chat;
}

async function post(
  chat: StartedChat,
  context: DeliveryContext,
): Promise<'posted' | 'rejected' | 'chat-ended'> {
  const { ports, letter, nowMs } = context;
  const { sessionId } = letter;
  try {
    const posted = await orRejected(context, async () =>
      postToChat(ports, { sessionId, chat }, await context.content(), nowMs),
    );
    return posted === 'rejected' ? posted : 'posted';
  } catch (error) {
    if (!hasCode(error, 'CHAT_ENDED')) throw error;
    // The post is the first to learn of the end.
    const by = isGone(error) ? 'system' : 'agent';
    const record = await ports.sessions.find(sessionId, nowMs);
    if (record) await endChat(ports, record, chat, { by, atMs: nowMs }, nowMs);
    return 'chat-ended';
  }
}

/** Takes a step towards Flex. If Flex refuses it for good the customer is told; the end of a chat is thrown. */
async function orRejected<Result>(
  { ports, letter, nowMs }: DeliveryContext,
  step: () => Promise<Result>,
): Promise<Result | 'rejected'> {
  try {
    return await step();
  } catch (error) {
    const isFinal = error instanceof ChatError && !error.retryable && error.code !== 'CHAT_ENDED';
    if (!isFinal) throw error;
    return rejectMessage(ports, letter, wireCode(error), nowMs);
  }
}
