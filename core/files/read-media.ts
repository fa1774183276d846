import { ChatError } from '#core/errors';
import type { FlexBackend } from '#core/flex';
import { admitToFlex } from '#core/frames/admit-to-flex';
import { findSession } from '#core/frames/find-session';
import type { SessionId } from '#core/ids';
import type { SessionStore } from '#core/ports';
import { chatRef, placesExpiry } from '#core/session';
import type { SharedRate } from '#core/shared-rate';
import type { EventOf } from '#protocol/events';
import type { Frame } from '#protocol/frames';

export interface MediaPorts {
  readonly sessions: SessionStore;
  readonly flexFrames: SharedRate;
  readonly flex: FlexBackend;
  /** Absent: files are off. */
  readonly files?: object;
}

/**
 * Answers `media`: an address from which one file of a message can be fetched for some minutes. The
 * file has to stand in that message of this session's chat: its id alone opens nothing.
 *
 * @throws ChatError `NOT_SUPPORTED`, `NO_CHAT`, `FILE_GONE`, `TOO_FAST`, `UPSTREAM_UNAVAILABLE`.
 */
export async function readMedia(
  ports: MediaPorts,
  { chat, index, id }: Extract<Frame, { action: 'media' }>,
  { sessionId, nowMs }: { readonly sessionId: SessionId; readonly nowMs: number },
): Promise<EventOf<'media'>> {
  if (ports.files === undefined) {
    throw new ChatError('NOT_SUPPORTED', 'files are off in this stage');
  }
  const record = await findSession(ports.sessions, sessionId, nowMs);
  const current = record?.session.chat;
  const isBegun =
    current !== undefined &&
    (chat < current.number || (chat === current.number && current.state !== 'none'));
  if (record === undefined || !isBegun) {
    throw new ChatError('NO_CHAT', `no chat ${chat} in session ${sessionId}`);
  }
  await admitToFlex(ports, sessionId, nowMs);
  const reference = chatRef(record.session, chat);
  const page = await ports.flex.listMessages(reference, index - 1, 1, record.places?.get(chat));
  if (page.places) {
    await ports.sessions.savePlaces(reference, page.places, placesExpiry(nowMs));
  }
  const [message] = page.messages;
  if (message === undefined && !page.complete) {
    throw new ChatError('UPSTREAM_UNAVAILABLE', `message ${index} is not reached yet`);
  }
  const isThere = message?.index === index && message.media?.some((one) => one.id === id);
  if (!isThere) throw new ChatError('FILE_GONE', `message ${index} holds no such file`);
  return { type: 'media', chat, index, id, url: await ports.flex.fileUrl(id) };
}
