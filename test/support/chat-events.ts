/** Builders of what the server sends. */
import type { EventOf } from '#protocol/events';

type Fields<Type extends 'message' | 'session' | 'history'> = Partial<
  Omit<EventOf<Type>, 'type' | 'ref'>
>;

export function aMessageEvent(fields: Fields<'message'> = {}): EventOf<'message'> {
  return {
    type: 'message',
    chat: 1,
    index: 0,
    author: { role: 'agent', name: 'Ada' },
    body: 'hello',
    sentAt: '2026-11-22T09:00:00.000Z',
    ...fields,
  };
}

/** The customer's own message, back from Flex. */
export function anEcho(id: string, fields: Fields<'message'> = {}): EventOf<'message'> {
  return aMessageEvent({ id, author: { role: 'customer', name: 'Grace' }, ...fields });
}

export function aSessionReply(fields: Fields<'session'> = {}): EventOf<'session'> {
  return {
    type: 'session',
    sessionId: 'session-1',
    token: 'token-1',
    expiresAt: '2026-11-23T09:00:00.000Z',
    chat: { number: 1, state: 'none' },
    missed: [],
    complete: true,
    ...fields,
  };
}

export function aHistoryReply(fields: Fields<'history'> = {}): EventOf<'history'> {
  return { type: 'history', chat: 1, messages: [], complete: true, state: 'open', ...fields };
}
