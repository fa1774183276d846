import { ChatError, hasCode } from '#core/errors';
import { type FileOffering, fileLimits } from '#core/files/offer-upload';
import type { SessionId } from '#core/ids';
import type { SessionStore, SessionTokens } from '#core/ports';
import { lastingExpiry, sessionExpiry } from '#core/session';
import type { EventOf } from '#protocol/events';
import type { Profile } from '#protocol/frames';
import { DEFAULT_HISTORY_LIMIT } from '#protocol/limits';
import { type Presence, presenceIn } from './presence.ts';
import { type HistoryPorts, type HistorySlice, type Range, readChat } from './read-history.ts';

export interface RenewPorts extends HistoryPorts {
  readonly sessions: SessionStore;
  readonly tokens: SessionTokens;
  /** Only where customers may send files. */
  readonly files?: FileOffering;
}

/**
 * Answers `hello`: begins or prolongs the session, and replies with a new token and the messages
 * after the client's cursor.
 *
 * When Flex can't be asked now, or this session has asked it too often, the reply says
 * `complete: false`, and the client asks for the `history` later.
 *
 * @throws ChatError `SESSION_GONE`.
 */
export async function renewSession(
  ports: RenewPorts,
  input: Range & { sessionId: SessionId; profile?: Profile; nowMs: number },
): Promise<EventOf<'session'>> {
  const { tokenExpiresAtMs, rowExpiresAtMs } = sessionExpiry(input.nowMs);
  const session = await ports.sessions.renew(input.sessionId, input.nowMs, rowExpiresAtMs);
  if (input.profile) {
    await ports.sessions.saveProfile(session.id, input.profile, lastingExpiry(input.nowMs));
  }
  const { number, state } = session.chat;
  const missed =
    number === 1 && state === 'none' ? nothing(input) : await missedMessages(ports, input);
  return {
    type: 'session',
    sessionId: session.id,
    token: await ports.tokens.issue(session.id, input.nowMs, tokenExpiresAtMs),
    expiresAt: new Date(tokenExpiresAtMs).toISOString(),
    chat: {
      number,
      state: missed.state ?? state,
      ...(missed.lastIndex !== undefined && { lastIndex: missed.lastIndex }),
      ...missed.presence,
    },
    missed: missed.messages,
    complete: missed.complete,
    ...(missed.earlier !== undefined && { earlier: missed.earlier }),
    ...(missed.kept && { kept: missed.kept }),
    ...(ports.files && { files: fileLimits(ports.files.policy) }),
  };
}

interface Missed extends Pick<HistorySlice, 'messages' | 'complete' | 'earlier' | 'kept'> {
  /** Of the current chat, if that was listed. */
  readonly state?: HistorySlice['state'];
  /** Of the current chat, if the listing reached its end. */
  readonly lastIndex?: number;
  readonly presence?: Presence;
}

/** Nothing was said in the session so far. */
const nothing = ({ latest }: Range): Missed => ({
  messages: [],
  complete: true,
  ...(latest && { earlier: false }),
});

async function missedMessages(
  ports: RenewPorts,
  input: Range & { sessionId: SessionId; nowMs: number },
): Promise<Missed> {
  const { nowMs } = input;
  const record = await ports.sessions.find(input.sessionId, input.nowMs);
  if (record === undefined) throw new ChatError('SESSION_GONE', 'removed while it was renewed');
  const current = record.session.chat.number;
  const presence = presenceIn(ports.flex, record);
  const { after: given, latest = false } = input;
  const after = given !== undefined && given.chat <= current ? given : undefined;
  try {
    const range = { ...(after && { after }), latest, limit: DEFAULT_HISTORY_LIMIT, nowMs };
    const slice = await readChat(ports, record, range);
    if (slice.chat !== current) {
      const { messages, kept } = slice;
      return { messages, complete: false, ...(kept && { kept }), presence };
    }
    const lastIndex = slice.messages.at(-1)?.index ?? after?.index ?? -1;
    return {
      ...slice,
      ...(slice.complete && lastIndex >= 0 && { lastIndex }),
      ...(slice.state === 'open' && { presence }),
    };
  } catch (error) {
    const isForLater =
      hasCode(error, 'TOO_FAST') || (error instanceof ChatError && error.retryable);
    if (isForLater) return { messages: [], complete: false, presence };
    throw error;
  }
}
