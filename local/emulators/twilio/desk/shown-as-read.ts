import type { Conversation, Message } from '../conversations/model.ts';

/**
 * The one message under which Flex's own user interface writes "Read": the agent's last, once the
 * horizon of the participant who was updated last, other than the agent, has come to it. A horizon
 * that was never set is before the first message.
 * Source: npm `@twilio/flex-ui` 2.17.1.
 */
export function shownAsRead(
  { messages, participants }: Conversation,
  agentIdentity: string | undefined,
): Message | undefined {
  const last = messages.findLast(({ author }) => author === agentIdentity);
  const [latest] = participants
    .filter(({ identity }) => identity !== agentIdentity)
    .reverse()
    .sort((a, b) => b.updatedAtMs - a.updatedAtMs);
  const horizon = latest?.lastReadMessageIndex ?? -1;
  return last !== undefined && horizon >= last.index ? last : undefined;
}
