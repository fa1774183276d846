import * as v from 'valibot';
import { parseEvent } from '#client/sdk/connection/parse-event';
import { EventSchema } from '#protocol/events';
import { aHistoryReply, aMessageEvent, anEcho, aSessionReply } from '#test/support/chat-events';

const AT = '2026-11-22T09:00:00.123Z';
const media = [{ id: 'ME1', filename: 'a.png', contentType: 'image/png', size: 3 }];

const EVENTS = [
  aSessionReply({ missed: [aMessageEvent()] }),
  { type: 'accepted', id: 'm1', ref: '1' },
  { type: 'upload', id: 'f1', url: 'https://b.example/', fields: { key: 'k' }, expiresAt: AT },
  { type: 'media', chat: 1, index: 2, id: 'ME1', url: 'https://m.example/' },
  aHistoryReply({ messages: [aMessageEvent(), anEcho('m1', { index: 1 })] }),
  { type: 'ok', action: 'typing' },
  { type: 'pong', now: AT },
  { type: 'token', valid: true },
  { type: 'error', code: 'bad_frame', message: 'body: expected string', id: 'm1' },
  aMessageEvent({ media, truncated: true }),
  { ...aMessageEvent(), type: 'messageEdited', editedAt: AT },
  { type: 'messageDeleted', chat: 1, index: 2, id: 'm1' },
  { type: 'rejected', id: 'm1', code: 'undeliverable' },
  { type: 'participant', chat: 1, event: 'joined', role: 'agent', name: 'Grace' },
  { type: 'read', chat: 1, index: -1 },
  { type: 'typing', chat: 1, name: 'Grace' },
  { type: 'idle', chat: 1, endsAt: AT },
  { type: 'ended', chat: 1, by: 'customer', at: AT },
  { type: 'closing', reason: 'restart', reconnect: true },
] as const;

/** Each field of each event, as the protocol's schemas list them. */
const FIELDS = EventSchema.options.flatMap(({ entries }) => {
  const event = EVENTS.find(({ type }) => type === entries.type.literal);
  return Object.entries(entries)
    .filter(([field]) => field !== 'type')
    .map(([field, schema]) => ({ event, field, isRequired: schema.type !== 'exact_optional' }));
});

function readBySchema(text: string): unknown {
  const { success, output } = v.safeParse(EventSchema, JSON.parse(text));
  return success ? output : undefined;
}

const without = (event: object | undefined, field: string) =>
  JSON.stringify({ ...event, [field]: undefined });

describe('parseEvent', () => {
  test('is tried with every type that the protocol has', () => {
    const types = EventSchema.options.map(({ entries }) => entries.type.literal);

    expect(EVENTS.map(({ type }) => type).sort()).toEqual([...types].sort());
  });

  test.each(EVENTS)('reads $type as the protocol does', (event) => {
    const text = JSON.stringify(event);

    expect(parseEvent(text)).toEqual(readBySchema(text));
    expect(parseEvent(text)).toEqual(event);
  });

  test.each(FIELDS.filter(({ isRequired }) => isRequired))(
    'ignores $event.type without $field, as the protocol does',
    ({ event, field }) => {
      const text = without(event, field);

      expect([parseEvent(text), readBySchema(text)]).toEqual([undefined, undefined]);
    },
  );

  test.each(FIELDS.filter(({ isRequired }) => !isRequired))(
    'needs no $field in $event.type',
    ({ event, field }) => {
      expect(parseEvent(without(event, field))).toBeDefined();
    },
  );

  test.each([
    ['text', 'hello'],
    ['a list', '[]'],
    ['an unknown type', '{"type":"confetti"}'],
    ['a name that every object has', '{"type":"constructor"}'],
    ['no type', '{"message":"hello"}'],
    ['a field of a wrong type', '{"type":"read","chat":"1","index":0}'],
    ['a list that is none', JSON.stringify({ ...aHistoryReply(), messages: {} })],
    ['a malformed message in a list', JSON.stringify({ ...aHistoryReply(), messages: [{}] })],
    ['an author that is none', JSON.stringify({ ...aMessageEvent(), author: null })],
  ])('ignores %s', (_, text) => {
    expect(parseEvent(text)).toBeUndefined();
  });

  test('takes the error of API Gateway for unavailable', () => {
    const text = '{"message": "Internal server error", "connectionId":"Ab=", "requestId":"x"}';

    expect(parseEvent(text)).toMatchObject({ type: 'error', code: 'unavailable' });
  });
});
