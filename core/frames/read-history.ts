import { type DetectPorts, detectEnd } from '#core/chats/detect-end';
import { ChatError } from '#core/errors';
import type { FlexBackend, FlexMessagePage } from '#core/flex';
import type { SessionId } from '#core/ids';
import { chatRef, placesExpiry, type SessionRecord } from '#core/session';
import type { SharedRate } from '#core/shared-rate';
import { toLatestEvents, toMessageEvents } from '#core/transcript/transcript';
import type { EventOf } from '#protocol/events';
import type { Cursor } from '#protocol/frames';
import { DEFAULT_HISTORY_LIMIT } from '#protocol/limits';
import { admitToFlex } from './admit-to-flex.ts';
import { findSession } from './find-session.ts';
import { presenceIn } from './presence.ts';

export interface HistoryPorts extends DetectPorts {
  /** Counts the frames of a session that cost calls of Flex. */
  readonly flexFrames: SharedRate;
  readonly flex: FlexBackend;
}

/** The reply to `history`: a part of one chat's transcript. */
export type HistorySlice = EventOf<'history'>;

/** Which part of a transcript a frame asks for. */
export interface Range {
  readonly after?: Cursor;
  /** Without a cursor: the end of the current chat, not its beginning. */
  readonly latest?: boolean;
}

/**
 * Answers `history`: messages after the cursor, or the latest ones, ascending, from Flex's
 * transcript. Chats that ended earlier in the session can be read too.
 *
 * @throws ChatError `NO_CHAT` (no session yet, or a chat number not begun), `SESSION_GONE`,
 * `TOO_FAST`, `UPSTREAM_UNAVAILABLE`.
 */
export async function readHistory(
  ports: HistoryPorts,
  input: Range & { sessionId: SessionId; limit?: number; nowMs: number },
): Promise<HistorySlice> {
  const record = await findSession(ports.sessions, input.sessionId, input.nowMs);
  if (record === undefined) throw new ChatError('NO_CHAT', 'history before the session has begun');
  return readChat(ports, record, { limit: DEFAULT_HISTORY_LIMIT, ...input });
}

/** @throws ChatError `NO_CHAT`, `TOO_FAST`, `UPSTREAM_UNAVAILABLE`. */
export async function readChat(
  ports: HistoryPorts,
  record: SessionRecord,
  { after, latest, limit, nowMs }: Range & { limit: number; nowMs: number },
): Promise<HistorySlice> {
  const current = record.session.chat;
  const chat = after?.chat ?? current.number;
  if (chat > current.number) {
    throw new ChatError('NO_CHAT', `chat ${chat} of a session that has ${current.number}`);
  }
  const isLatest = latest === true && after === undefined;
  if (chat === current.number && current.state === 'none') {
    const nothing: HistorySlice = {
      type: 'history',
      chat,
      messages: [],
      complete: true,
      state: 'none',
    };
    return { ...nothing, ...(isLatest && { earlier: false }) };
  }
  await admitToFlex(ports, record.session.id, nowMs);
  const reference = chatRef(record.session, chat);
  const known = record.places?.get(chat);
  const list = (places = known): Promise<FlexMessagePage> =>
    isLatest
      ? ports.flex.listLatest(reference, limit)
      : ports.flex.listMessages(reference, after?.index ?? -1, limit, places);
  const wasOpen = chat === current.number && current.state === 'open';
  const [listed, ended] = await Promise.all([list(), wasOpen && detectEnd(ports, record, nowMs)]);
  // The page was listed while the chat was still open, so it may lack the last messages.
  const page = ended ? await list(listed.places) : listed;
  const places = page.places ?? listed.places;
  if (places) await ports.sessions.savePlaces(reference, places, placesExpiry(nowMs));
  const state = wasOpen && !ended ? 'open' : 'ended';
  const naming = { sessions: ports.sessions, names: ports.flex, contents: ports.flex };
  const show = isLatest ? toLatestEvents : toMessageEvents;
  const shown = await show(naming, { record, chat: reference }, page, nowMs, after?.index);
  const presence = state === 'open' ? presenceIn(ports.flex, record) : {};
  return { type: 'history', chat, state, ...shown, ...presence };
}
