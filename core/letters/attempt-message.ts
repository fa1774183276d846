import type { OpenChatPorts } from '#core/chats/open-chat';
import type { IdlePolicy } from '#core/chats/watch-idle-chat';
import { hasCode } from '#core/errors';
import type { UploadedFiles } from '#core/files/file-ports';
import type { CustomerMessage } from '#core/flex';
import type { Attempt, PostLetter } from '#core/ports';
import { isUnverified } from '#core/service/judge-service';
import type { ServicePolicy } from '#core/service/serve-or-end';
import { type SessionRecord, type StartedChat, sessionExpiry } from '#core/session';
import type { SharedRate } from '#core/shared-rate';
import { isAbuse } from './is-abuse.ts';
import { placeMessage } from './place-message.ts';
import { rejectMessage } from './reject-message.ts';
import { arrivedBefore, wasPosted } from './was-posted.ts';

export interface DeliveryPorts extends OpenChatPorts {
  /** Counts by session the messages that come too fast or again; beyond it they are abuse. */
  readonly strikes: SharedRate;
  /** Only where customers send files. */
  readonly files?: UploadedFiles;
}

/** How a stage delivers. Without `idleMs` nothing ends a silent chat. */
export interface DeliveryPolicy extends ServicePolicy, Partial<IdlePolicy> {
  /** 20 messages of a session within this time are too many. 0: no limit. */
  readonly burstWindowMs: number;
}

/** A customer's message on its way to Flex. */
export interface DeliveryContext {
  readonly ports: DeliveryPorts;
  readonly policy: DeliveryPolicy;
  readonly letter: PostLetter;
  /** Makes what is posted, once. */
  readonly content: () => Promise<CustomerMessage>;
  readonly nowMs: number;
}

/** Where a message goes: into an open chat, or into the next one of its session. */
export type Place =
  | { readonly to: 'post'; readonly chat: StartedChat; readonly isUnverified: boolean }
  | { readonly to: 'open'; readonly record: SessionRecord };

/**
 * Records that a message is about to be posted, and finds out where it goes. If an earlier attempt
 * may have posted it, looks into Flex's transcript first.
 *
 * @param isAgain a repeated or fast message is not its sender's doing.
 * @returns `found` when the message is in Flex, `rejected` when the customer was told that it will not be.
 */
export async function attemptMessage(
  context: DeliveryContext,
  { isAgain }: { readonly isAgain: boolean },
): Promise<Place | 'found' | 'rejected'> {
  const { ports, letter, nowMs } = context;
  const { sessionId, chat } = letter;
  const reject = (code: 'rate_limited' | 'no_chat') => rejectMessage(ports, letter, code, nowMs);
  const attempt = await ports.sessions.recordAttempt(sessionId, attemptOf(context), chat, nowMs);
  switch (attempt.outcome) {
    case 'recorded':
      if (await arrivedBefore(ports, letter, nowMs)) return 'found';
      return { to: 'post', chat: attempt.chat, isUnverified: isUnverified(attempt, letter) };
    case 'repeated':
      if (!isAgain && (await isAbuse(ports, letter, nowMs))) return reject('rate_limited');
      if (await wasPosted(ports, letter, attempt.record, nowMs)) return 'found';
      // The earlier attempt broke off, perhaps in the midst of a look.
      return findPlace(context, attempt.record, { isUnverified: true });
    case 'too-fast':
      if (!isAgain) await isAbuse(ports, letter, nowMs);
      return reject('rate_limited');
    case 'not-open': {
      const record = attempt.record ?? (await beginSession(context));
      return record ? findPlace(context, record, { isUnverified: false }) : reject('no_chat');
    }
  }
}

export function attemptOf({ policy, letter }: Pick<DeliveryContext, 'policy' | 'letter'>): Attempt {
  const { id, acceptedAtMs } = letter;
  return { id, acceptedAtMs, burstWindowMs: policy.burstWindowMs };
}

async function findPlace(
  { ports, letter, nowMs }: DeliveryContext,
  record: SessionRecord,
  { isUnverified }: { readonly isUnverified: boolean },
): Promise<Place | 'rejected'> {
  const placement = placeMessage(record.session.chat, letter.chat);
  switch (placement.to) {
    case 'post':
      return { ...placement, isUnverified };
    case 'open':
      return { to: 'open', record };
    default:
      return rejectMessage(ports, letter, placement.to, nowMs);
  }
}

/** A client that sends before `hello` has no session yet. */
async function beginSession({
  ports: { sessions },
  letter: { sessionId },
  nowMs,
}: DeliveryContext): Promise<SessionRecord | undefined> {
  try {
    await sessions.renew(sessionId, nowMs, sessionExpiry(nowMs).rowExpiresAtMs);
    return await sessions.find(sessionId, nowMs);
  } catch (error) {
    if (hasCode(error, 'SESSION_GONE')) return undefined;
    throw error;
  }
}
