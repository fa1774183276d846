import type { Chat, StartedChat } from '#core/session';

/**
 * Where a customer's message belongs: `post` it into the open chat, `open` the next chat with it,
 * or refuse it, because the chat that it names has ended or has not begun.
 */
export type Placement =
  | { readonly to: 'post'; readonly chat: StartedChat }
  | { readonly to: 'open' | 'chat_ended' | 'no_chat' };

/**
 * @param chat the session's latest one.
 * @param named the number of the chat that the client meant. A message that names none goes into
 * the open chat, or opens the next one.
 */
export function placeMessage(chat: Chat, named: number | undefined): Placement {
  if (named !== undefined) {
    if (named > chat.number) return { to: 'no_chat' };
    if (named < chat.number || chat.state === 'ended') return { to: 'chat_ended' };
  }
  return chat.state === 'open' ? { to: 'post', chat } : { to: 'open' };
}
