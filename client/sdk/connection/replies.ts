import type { EventOf, EventType, ServerEvent } from '#protocol/events';
import type { Action } from '#protocol/frames';
import { ChatClientError } from '../basics/errors.ts';

const REPLIES = {
  hello: 'session',
  startChat: 'session',
  sendMessage: 'accepted',
  history: 'history',
  markRead: 'ok',
  typing: 'ok',
  endChat: 'ok',
  checkToken: 'token',
  ping: 'pong',
} as const satisfies Record<Action, EventType>;

export type ReplyTo<A extends Action> = EventOf<(typeof REPLIES)[A]>;

/** @throws ChatClientError when it answers another frame. */
export function asReplyTo<A extends Action>(action: A, event: ServerEvent): ReplyTo<A> {
  if (event.type === REPLIES[action]) return event as ReplyTo<A>;
  throw new ChatClientError('internal', `${event.type} answers another frame`);
}
