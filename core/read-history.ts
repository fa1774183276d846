import type { EventOf } from '#protocol/events';
import type { Cursor } from '#protocol/frames';
import { DEFAULT_HISTORY_LIMIT } from '#protocol/limits';
import { ChatError } from './errors.ts';
import type { FlexMessages, FlexNames } from './flex.ts';
import type { SessionId } from './ids.ts';
import type { SessionStore } from './ports.ts';
import { chatRef, type SessionRecord } from './session.ts';
import { toMessageEvents } from './transcript.ts';

export interface HistoryPorts {
  readonly sessions: SessionStore;
  readonly flex: FlexMessages & FlexNames;
}

/** A stretch of one chat's transcript; what a `history` reply says. */
export type HistorySlice = EventOf<'history'>;

/**
 * Answers `history`: messages after the cursor, ascending, from Flex's transcript. Chats
 * that ended earlier in the session can be read too.
 *
 * @throws ChatError `SESSION_GONE`, `NO_CHAT` (a chat number not begun), `UPSTREAM_UNAVAILABLE`.
 */
export async function readHistory(
  ports: HistoryPorts,
  input: { sessionId: SessionId; after?: Cursor; limit?: number; nowMs: number },
): Promise<HistorySlice> {
  const record = await ports.sessions.find(input.sessionId, input.nowMs);
  if (record === undefined) throw new ChatError('SESSION_GONE', 'history before hello');
  return readChat(ports, record, input.after, input.limit ?? DEFAULT_HISTORY_LIMIT);
}

/** @throws ChatError `NO_CHAT`, `UPSTREAM_UNAVAILABLE`. */
export async function readChat(
  ports: HistoryPorts,
  { session, profile }: SessionRecord,
  after: Cursor | undefined,
  limit: number,
): Promise<HistorySlice> {
  const current = session.chat;
  const chat = after?.chat ?? current.number;
  if (chat > current.number) {
    throw new ChatError('NO_CHAT', `chat ${chat} of a session that has ${current.number}`);
  }
  const state = chat < current.number ? 'ended' : current.state;
  if (state === 'none') return { type: 'history', chat, messages: [], complete: true, state };

  const reference = chatRef(session, chat);
  const page = await ports.flex.listMessages(reference, after?.index ?? -1, limit);
  const readership = { names: ports.flex, chat: reference, profile };
  return { type: 'history', chat, state, ...(await toMessageEvents(readership, page)) };
}
