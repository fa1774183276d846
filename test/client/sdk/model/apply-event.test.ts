import { applyEvent } from '#client/sdk/model/apply-event';
import { applySession } from '#client/sdk/model/apply-listing';
import { type ChatModel, EMPTY_MODEL } from '#client/sdk/model/chat-model';
import { markSending, newEntry } from '#client/sdk/model/outbox';
import type { ServerEvent } from '#protocol/events';
import { aMessageEvent, anEcho, aSessionReply } from '#test/support/chat-events';

const AT = '2026-11-22T09:00:00.000Z';
const joined = (name: string, chat = 1): ServerEvent => ({
  type: 'participant',
  chat,
  event: 'joined',
  role: 'agent',
  name,
});
const left = (name: string): ServerEvent => ({ ...joined(name), event: 'left' }) as ServerEvent;
const ended = (chat: number): ServerEvent => ({ type: 'ended', chat, by: 'agent', at: AT });

const seen = (model: ChatModel, ...events: ServerEvent[]) => events.reduce(applyEvent, model);
const anOpenChat = () =>
  applySession(EMPTY_MODEL, aSessionReply({ chat: { number: 1, state: 'open' } }), undefined);
const withPending = (model: ChatModel, id: string): ChatModel => ({
  ...model,
  outbox: [newEntry(model.outbox, { id, body: 'hello', createdAtMs: 0, chat: 1 })],
});

describe('applyEvent', () => {
  test('opens the chat with its first message', () => {
    const model = applySession(EMPTY_MODEL, aSessionReply(), undefined);

    const opened = seen(model, anEcho('m1'));

    expect(opened.chat).toEqual({ number: 1, state: 'open' });
  });

  test('follows another tab into the next chat', () => {
    const model = seen(anOpenChat(), ended(1), aMessageEvent({ chat: 2 }));

    expect(model.chat).toEqual({ number: 2, state: 'open' });
  });

  test('does not move the cursor for a pushed message, as those before it may be lost', () => {
    const model = anOpenChat();

    const pushed = seen(model, aMessageEvent({ index: 9 }));

    expect(pushed.catchUp).toBe(model.catchUp);
  });

  test('keeps a late message of an ended chat without reopening it', () => {
    const model = seen(anOpenChat(), ended(1), aMessageEvent());

    expect(model.chat?.state).toBe('ended');
    expect(model.transcript).toHaveLength(1);
  });

  test('keeps a rejected message as failed, with the reason', () => {
    const pending = withPending(anOpenChat(), 'm1');
    const model = { ...pending, outbox: markSending(pending.outbox, 'm1') };

    const rejected = seen(model, { type: 'rejected', id: 'm1', code: 'chat_ended' });

    expect(rejected.outbox).toMatchObject([{ id: 'm1', state: 'failed', code: 'chat_ended' }]);
  });

  test('places a join after the last message known', () => {
    const model = seen(anOpenChat(), aMessageEvent({ index: 4 }), joined('Ada'));

    expect(model.agents).toEqual(['Ada']);
    expect(model.notices).toEqual([{ chat: 1, afterIndex: 4, event: 'joined', name: 'Ada' }]);
  });

  test('shows a repeated join once, and a second stay again', () => {
    const model = seen(anOpenChat(), joined('Ada'), joined('Ada'), left('Ada'), joined('Ada'));

    expect(model.notices.map(({ event }) => event)).toEqual(['joined', 'left', 'joined']);
    expect(model.agents).toEqual(['Ada']);
  });

  test('does not tell the customer of the customer', () => {
    const model = anOpenChat();

    const event = { ...joined('Grace'), role: 'customer' } as ServerEvent;

    expect(seen(model, event)).toBe(model);
  });

  test('ends the chat once', () => {
    const model = seen(anOpenChat(), joined('Ada'), ended(1), ended(1));

    expect(model.chat?.state).toBe('ended');
    expect(model.agents).toEqual([]);
    expect(model.notices.filter(({ event }) => event === 'ended')).toHaveLength(1);
  });

  test('does not tell who leaves an ended chat', () => {
    const model = seen(anOpenChat(), joined('Ada'), ended(1));

    expect(seen(model, left('Ada'))).toBe(model);
  });

  test('ignores the end of a chat that was followed by another', () => {
    const model = seen(anOpenChat(), aMessageEvent({ chat: 2 }));

    expect(seen(model, ended(1))).toBe(model);
  });

  test('moves the read horizon forward only', () => {
    const model = seen(
      anOpenChat(),
      { type: 'read', chat: 1, index: 5 },
      { type: 'read', chat: 1, index: 3 },
    );

    expect(model.readUpTo).toEqual({ chat: 1, index: 5 });
  });

  test.each<ServerEvent>([
    { type: 'pong', now: AT },
    { type: 'ok', action: 'typing' },
    { type: 'error', code: 'internal', message: 'sorry' },
    { type: 'closing', reason: 'restart', reconnect: true },
  ])('leaves the model as it is for %j', (event) => {
    const model = anOpenChat();

    expect(seen(model, event)).toBe(model);
  });
});
