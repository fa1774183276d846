import * as v from 'valibot';
import { EventSchema, encodeEvent, type ServerEvent } from '#protocol/events';

const AT = '2026-11-22T09:00:00.123Z';

const MESSAGE: ServerEvent = {
  type: 'message',
  chat: 1,
  index: 0,
  author: { role: 'agent', name: 'Grace' },
  body: 'Hello 🎈',
  sentAt: AT,
};

const EVENTS: ServerEvent[] = [
  {
    type: 'session',
    sessionId: 's1',
    token: 'jwt',
    expiresAt: AT,
    chat: { number: 1, state: 'open', lastIndex: 0 },
    missed: [MESSAGE],
    complete: true,
  },
  {
    type: 'session',
    sessionId: 's1',
    token: 'jwt',
    expiresAt: AT,
    chat: { number: 1, state: 'none' },
    missed: [],
    complete: true,
  },
  {
    type: 'session',
    sessionId: 's1',
    token: 'jwt',
    expiresAt: AT,
    chat: { number: 1, state: 'open', agents: ['Grace'], readIndex: 0 },
    missed: [],
    complete: true,
  },
  {
    ...MESSAGE,
    content: { type: 'quickReply', actions: [{ type: 'reply', id: 'yes', title: 'Yes' }] },
  },
  {
    ...MESSAGE,
    author: { role: 'customer', name: 'Ada' },
    body: 'Yes',
    choice: { chat: 1, index: 0, id: 'yes' },
  },
  { type: 'accepted', id: 'm1' },
  { type: 'history', chat: 1, messages: [MESSAGE], complete: false, state: 'ended' },
  {
    type: 'history',
    chat: 1,
    messages: [MESSAGE],
    complete: true,
    state: 'open',
    agents: [],
    readIndex: -1,
    gap: true,
  },
  { type: 'ok', action: 'typing' },
  { type: 'pong', now: AT },
  { type: 'token', valid: false },
  { type: 'error', code: 'bad_frame', message: 'body: expected string', id: 'm1' },
  MESSAGE,
  {
    ...MESSAGE,
    id: 'm1',
    author: { role: 'customer', name: 'Ada' },
    media: [{ id: 'ME1', filename: 'a.png', contentType: 'image/png', size: 3 }],
    truncated: true,
  },
  { type: 'rejected', id: 'm1', code: 'undeliverable' },
  { type: 'participant', chat: 1, event: 'joined', role: 'agent', name: 'Grace' },
  { type: 'read', chat: 1, index: -1 },
  { type: 'typing', chat: 1, name: 'Grace' },
  { type: 'idle', chat: 1, endsAt: AT },
  { type: 'ended', chat: 1, by: 'customer', at: AT },
  { type: 'closing', reason: 'restart', reconnect: true },
  { type: 'closing', reason: 'connection_limit', reconnect: false },
];

const read = (text: string) => v.safeParse(EventSchema, JSON.parse(text));

describe('encodeEvent', () => {
  test.each(EVENTS)('brings $type over unchanged', (event) => {
    expect(read(encodeEvent(event)).output).toEqual(event);
  });

  test.each(EVENTS)('brings $type over with the ref of its frame', (event) => {
    expect(read(encodeEvent(event, 'r1')).output).toEqual({ ...event, ref: 'r1' });
  });

  test('leaves the ref out when the frame had none', () => {
    expect(JSON.parse(encodeEvent({ type: 'pong', now: AT }))).toEqual({ type: 'pong', now: AT });
  });
});

describe('EventSchema', () => {
  test('leaves out fields it does not know', () => {
    const raw = JSON.stringify({ type: 'accepted', id: 'm1', colour: 'red' });

    expect(read(raw).output).toEqual({ type: 'accepted', id: 'm1' });
  });

  test.each([
    ['a text', '"hello"'],
    ['a list', '[]'],
    ['an unknown type', '{"type":"confetti"}'],
    ['no type', '{"message":"hello"}'],
    ['a type that is no text', '{"type":1}'],
    ['a missing field', '{"type":"accepted"}'],
    ['a wrong field', '{"type":"read","chat":"1","index":0}'],
    ['an unknown code', '{"type":"rejected","id":"m1","code":"tired"}'],
    ['a time that is none', '{"type":"pong","now":"yesterday"}'],
    ['chat 0', '{"type":"read","chat":0,"index":0}'],
    [
      'a malformed message in a list',
      '{"type":"history","chat":1,"messages":[{"type":"message"}],"complete":true,"state":"open"}',
    ],
  ])('refuses %s', (_, raw) => {
    expect(read(raw).success).toBe(false);
  });
});
