import { ChatError, hasCode } from '#core/errors';
import type { CustomerMessage, FlexBackend } from '#core/flex';
import type { SessionId } from '#core/ids';
import type { SessionStore } from '#core/ports';
import type { ChatRef, StartedChat } from '#core/session';

interface PostPorts {
  readonly sessions: SessionStore;
  readonly flex: FlexBackend;
}

/**
 * Posts a message into an open chat. If the agent has paused the chat, Flex makes another task with
 * this message: stores since when that task is awaited.
 *
 * @throws ChatError of the back end; `CHAT_ENDED` also for a chat that Flex does not have any more.
 */
export async function postToChat(
  ports: PostPorts,
  { sessionId, chat }: { readonly sessionId: SessionId; readonly chat: StartedChat },
  message: CustomerMessage,
  nowMs: number,
): Promise<void> {
  const reference: ChatRef = { sessionId, number: chat.number };
  try {
    await ports.flex.postMessage(chat.channel, reference, message);
  } catch (error) {
    // The author may be unknown, rather than the chat.
    const isUnknown = hasCode(error, 'NO_CHAT');
    if (!isUnknown || (await ports.flex.channelState(reference)) !== undefined) throw error;
    throw new ChatError('CHAT_ENDED', 'Flex does not have the chat any more', { cause: error });
  }
  if (!chat.channel.isPaused) return;
  await ports.sessions.noteChannel(sessionId, chat.number, {
    remove: ['isPaused'],
    set: { awaitedSinceMs: nowMs },
  });
}

/** Whether a chat has ended because Flex does not have it any more. */
export function isGone(error: unknown): boolean {
  return error instanceof ChatError && hasCode(error.cause, 'NO_CHAT');
}
