import { applyEvent } from '#client/sdk/model/apply-event';
import { applyPage, applySession } from '#client/sdk/model/apply-listing';
import { type ChatModel, EMPTY_MODEL } from '#client/sdk/model/chat-model';
import { newEntry } from '#client/sdk/model/outbox';
import type { ServerEvent } from '#protocol/events';
import { aHistoryReply, aMessageEvent, anEcho, aSessionReply } from '#test/support/chat-events';

const AT = '2026-11-22T09:00:00.000Z';
const joined = (name: string, chat = 1): ServerEvent => ({
  type: 'participant',
  chat,
  event: 'joined',
  role: 'agent',
  name,
});
const ended = (chat: number): ServerEvent => ({ type: 'ended', chat, by: 'agent', at: AT });

const seen = (model: ChatModel, ...events: ServerEvent[]) => events.reduce(applyEvent, model);
const anOpenChat = () =>
  applySession(EMPTY_MODEL, aSessionReply({ chat: { number: 1, state: 'open' } }), undefined);
const withPending = (model: ChatModel, id: string): ChatModel => ({
  ...model,
  outbox: [newEntry(model.outbox, { id, body: 'hello', createdAtMs: 0, chat: 1 })],
});

describe('applySession', () => {
  test('starts the session with what was missed', () => {
    const reply = aSessionReply({ chat: { number: 1, state: 'open' }, missed: [aMessageEvent()] });

    const model = applySession(EMPTY_MODEL, reply, undefined);

    expect(model).toMatchObject({
      sessionId: 'session-1',
      chat: { number: 1, state: 'open' },
      transcript: [aMessageEvent()],
      catchUp: { cursor: { chat: 1, index: 0 }, complete: true },
    });
  });

  test('settles messages whose echo was missed', () => {
    const model = withPending(anOpenChat(), 'm1');

    const renewed = applySession(model, aSessionReply({ missed: [anEcho('m1')] }), undefined);

    expect(renewed.outbox).toEqual([]);
  });

  test('drops the transcript of another session', () => {
    const model = seen(anOpenChat(), aMessageEvent(), joined('Ada'));

    const renewed = applySession(model, aSessionReply({ sessionId: 'session-2' }), undefined);

    expect(renewed).toMatchObject({
      sessionId: 'session-2',
      chat: { number: 1, state: 'none' },
      transcript: [],
      notices: [],
      agents: [],
    });
  });

  test('reads on from its cursor when a new chat was started', () => {
    const model = seen(anOpenChat(), ended(1));

    const renewed = applySession(
      model,
      aSessionReply({ chat: { number: 2, state: 'none' } }),
      undefined,
    );

    expect(renewed.chat).toEqual({ number: 2, state: 'none' });
    expect(renewed.catchUp).toEqual({ cursor: { chat: 1, index: -1 }, complete: false });
  });

  test('shows that the chat ended meanwhile', () => {
    const reply = aSessionReply({ chat: { number: 1, state: 'ended' } });

    const renewed = applySession(anOpenChat(), reply, { chat: 1, index: -1 });

    expect(renewed.notices).toEqual([{ chat: 1, afterIndex: Infinity, event: 'ended' }]);
  });

  test('does not reopen an ended chat by an older reply', () => {
    const model = seen(anOpenChat(), ended(1));

    const renewed = applySession(
      model,
      aSessionReply({ chat: { number: 1, state: 'open' } }),
      undefined,
    );

    expect(renewed.chat?.state).toBe('ended');
  });
});

describe('applyPage', () => {
  test('adds the page and moves the cursor', () => {
    const page = aHistoryReply({ messages: [aMessageEvent({ index: 3 })], complete: false });

    const model = applyPage(anOpenChat(), page);

    expect(model.transcript).toHaveLength(1);
    expect(model.catchUp).toEqual({ cursor: { chat: 1, index: 3 }, complete: false });
  });

  test('changes nothing before there is a session', () => {
    expect(applyPage(EMPTY_MODEL, aHistoryReply())).toBe(EMPTY_MODEL);
  });
});
