import { closeEndedSession } from '#core/connections/close-ended-session';
import { findResumable } from '#core/connections/find-resumable';
import { ChatError, hasCode } from '#core/errors';
import { offerUpload } from '#core/files/offer-upload';
import { readMedia } from '#core/files/read-media';
import { type ConnectionId, clientMessageId, type SessionId } from '#core/ids';
import type { FlexMailbox, Letter } from '#core/ports';
import type { SharedRate } from '#core/shared-rate';
import type { ServerEvent } from '#protocol/events';
import type { Frame } from '#protocol/frames';
import { admitToFlex } from './admit-to-flex.ts';
import { findSession } from './find-session.ts';
import { markRead } from './mark-read.ts';
import { readHistory } from './read-history.ts';
import { type RenewPorts, renewSession } from './renew-session.ts';
import { type ShowTypingPorts, showTyping } from './show-typing.ts';
import { startChat } from './start-chat.ts';

export interface FramePorts extends RenewPorts, ShowTypingPorts {
  readonly mailbox: FlexMailbox;
  /** Counts by session how often a customer ends a chat. */
  readonly chatEnds: SharedRate;
}

export interface FrameContext {
  readonly sessionId: SessionId;
  readonly connectionId: ConnectionId;
  /** Names this frame's arrival: the mailbox stores one letter for it, however often it is sent. */
  readonly requestId: string;
  readonly nowMs: number;
}

/**
 * Gives the one direct reply to a frame. A frame for Flex becomes a letter in the session's
 * mailbox; the reply follows once the letter is stored, and the session is not read.
 *
 * If the session has ended, tells its connections so and closes them.
 *
 * @throws ChatError of the frame's own use case; no letter was stored then.
 */
export async function answerFrame(
  ports: FramePorts,
  frame: Frame,
  context: FrameContext,
): Promise<ServerEvent> {
  try {
    return await answer(ports, frame, context);
  } catch (error) {
    if (hasCode(error, 'SESSION_GONE')) await closeEndedSession(ports, context, context.nowMs);
    throw error;
  }
}

async function answer(
  ports: FramePorts,
  frame: Frame,
  context: FrameContext,
): Promise<ServerEvent> {
  const { sessionId, nowMs } = context;
  const post = (letter: Letter) => ports.mailbox.send(letter, context.requestId);
  switch (frame.action) {
    case 'hello':
      return renewSession(ports, { ...frame, sessionId, nowMs });
    case 'startChat':
      return startChat(ports, { ...frame, sessionId, nowMs });
    case 'history':
      return readHistory(ports, { ...frame, sessionId, nowMs });
    case 'sendMessage': {
      const { id, body, chat, attributes, choice } = frame;
      await post({
        sessionId,
        kind: 'message',
        id: clientMessageId(id),
        body,
        acceptedAtMs: nowMs,
        ...(chat !== undefined && { chat }),
        ...(attributes !== undefined && { attributes }),
        ...(choice !== undefined && { choice }),
      });
      return { type: 'accepted', id };
    }
    case 'attach':
      return offerUpload(ports, frame, context);
    case 'media':
      return readMedia(ports, frame, context);
    case 'markRead':
      await admitToFlex(ports, sessionId, nowMs);
      // At once and without a letter: a mark that is lost is told again, and the last one counts.
      await markRead(ports, { ...frame, sessionId }, nowMs);
      return { type: 'ok', action: frame.action };
    case 'endChat':
      await admitEnd(ports, sessionId, nowMs);
      await post({ sessionId, kind: 'end', chat: await chatToEnd(ports, context) });
      return { type: 'ok', action: frame.action };
    case 'checkToken': {
      const valid = (await findResumable(ports, frame.token, nowMs)) !== undefined;
      return { type: 'token', valid };
    }
    case 'typing':
      await showTyping(ports, { ...frame, sessionId, nowMs });
      return { type: 'ok', action: frame.action };
    case 'ping':
      return { type: 'pong', now: new Date(nowMs).toISOString() };
  }
}

/** Each chat that a customer ends may have cost a task. */
async function admitEnd(
  { chatEnds }: FramePorts,
  sessionId: SessionId,
  nowMs: number,
): Promise<void> {
  if (await chatEnds.admit(sessionId, nowMs)) return;
  throw new ChatError('TOO_FAST', `session ${sessionId} ends one chat after the other`);
}

/**
 * The number of the chat that the customer wants to end. The letter carries it, so that a late
 * letter ends no later chat. After an end it is the next chat's, which a message on its way may open.
 */
async function chatToEnd(
  { sessions }: FramePorts,
  { sessionId, nowMs }: FrameContext,
): Promise<number> {
  const record = await findSession(sessions, sessionId, nowMs);
  const { number, state } = record?.session.chat ?? { number: 1, state: 'none' };
  return state === 'ended' ? number + 1 : number;
}
