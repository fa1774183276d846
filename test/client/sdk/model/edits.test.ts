import { applyEvent } from '#client/sdk/model/apply-event';
import { applyPage, applySession } from '#client/sdk/model/apply-listing';
import { countUnread } from '#client/sdk/model/chat-life';
import { type ChatModel, EMPTY_MODEL } from '#client/sdk/model/chat-model';
import { ModelStore } from '#client/sdk/model/model-store';
import { markSending, newEntry } from '#client/sdk/model/outbox';
import { timelineOf } from '#client/sdk/model/timeline';
import type { EventOf, Kept, ServerEvent } from '#protocol/events';
import { aHistoryReply, aMessageEvent, anEcho, aSessionReply } from '#test/support/chat-events';

const at = (ms: number): string => new Date(Date.UTC(2026, 10, 22, 9) + ms).toISOString();

const said = (index: number, body = `line ${index}`) =>
  aMessageEvent({ index, body, sentAt: at(index * 1_000) });
const edited = (index: number, body: string, ms: number): EventOf<'messageEdited'> => ({
  ...said(index, body),
  type: 'messageEdited',
  editedAt: at(ms),
});
const deleted = (index: number, id?: string): ServerEvent => ({
  type: 'messageDeleted',
  chat: 1,
  index,
  ...(id !== undefined && { id }),
});
const kept = (fields: Partial<Kept>): Kept => ({
  chat: 1,
  from: -1,
  upTo: 2,
  indexes: [0, 1, 2],
  edited: [],
  ...fields,
});

const seen = (model: ChatModel, ...events: ServerEvent[]) => events.reduce(applyEvent, model);
const bodies = ({ transcript }: ChatModel) => transcript.map(({ body }) => body);
const anOpenChat = (count = 3) =>
  applySession(
    EMPTY_MODEL,
    aSessionReply({
      chat: { number: 1, state: 'open' },
      missed: Array.from({ length: count }, (_, index) => said(index)),
    }),
    undefined,
  );

describe('a message that is edited', () => {
  test('says what it says now, and is marked', () => {
    const model = seen(anOpenChat(), edited(1, 'better', 5_000));

    expect(bodies(model)).toEqual(['line 0', 'better', 'line 2']);
    expect(timelineOf(model)).toMatchObject([
      { edited: false },
      { edited: true },
      { edited: false },
    ]);
  });

  test('is not said again', () => {
    const said: string[] = [];
    const onSaid = (messages: readonly { body: string }[]) =>
      said.push(...messages.map(({ body }) => body));
    const store = new ModelStore({ onChange: () => {}, onSaid });
    store.update(() => anOpenChat());
    said.length = 0;

    store.update((model) => applyEvent(model, edited(1, 'better', 5_000)), true);

    expect(said).toEqual([]);
  });

  test('keeps the later words, in whichever order the changes come', () => {
    const first = edited(1, 'better', 5_000);
    const second = edited(1, 'best', 6_000);

    expect(bodies(seen(anOpenChat(), first, second))[1]).toBe('best');
    expect(bodies(seen(anOpenChat(), second, first))[1]).toBe('best');
  });

  test('may be told of before it is told itself', () => {
    const model = seen(anOpenChat(1), edited(1, 'better', 5_000), said(1));

    expect(bodies(model)).toEqual(['line 0', 'better']);
  });

  test('is the same model when only attributes were changed, or the event comes again', () => {
    const model = seen(anOpenChat(), edited(1, 'better', 5_000));

    expect(seen(model, edited(1, 'better', 9_000))).toBe(model);
    expect(seen(model, edited(2, 'line 2', 9_000))).toBe(model);
  });

  test('is not taken back by a page that was read before', () => {
    const model = seen(anOpenChat(), edited(1, 'better', 5_000));

    const after = applyPage(model, aHistoryReply({ messages: [said(1)] }));

    expect(bodies(after)[1]).toBe('better');
  });

  test('is found by the next reading when no event has told of it', () => {
    const change = { ...said(1, 'better'), editedAt: at(5_000) };

    const after = applyPage(anOpenChat(), aHistoryReply({ kept: kept({ edited: [change] }) }));

    expect(bodies(after)).toEqual(['line 0', 'better', 'line 2']);
  });

  test('counts as later when it was read in the same second, as Flex lists no milliseconds', () => {
    const model = seen(anOpenChat(), edited(1, 'better', 5_300));
    const change = { ...said(1, 'best'), editedAt: at(5_000) };

    const after = applyPage(model, aHistoryReply({ kept: kept({ edited: [change] }) }));

    expect(bodies(after)[1]).toBe('best');
  });

  test('keeps its files, of which a change does not tell', () => {
    const media = [{ id: 'ME1', filename: 'a.png', contentType: 'image/png', size: 1 }];
    const model = seen(anOpenChat(1), aMessageEvent({ index: 1, media }), edited(1, 'b', 5_000));

    expect(model.transcript[1]).toMatchObject({ body: 'b', media });
  });
});

describe('a message that is deleted', () => {
  test('vanishes, and is not counted as unread', () => {
    const model = seen(anOpenChat(), deleted(1));

    expect(bodies(model)).toEqual(['line 0', 'line 2']);
    expect(countUnread(model)).toBe(2);
  });

  test('does not come back by an event or page that was on its way', () => {
    const model = seen(anOpenChat(), deleted(1), said(1), edited(1, 'better', 5_000));

    const after = applyPage(model, aHistoryReply({ messages: [said(1)] }));

    expect(bodies(after)).toEqual(['line 0', 'line 2']);
  });

  test('never shows when its deletion overtakes it', () => {
    expect(bodies(seen(anOpenChat(1), deleted(1), said(1)))).toEqual(['line 0']);
  });

  test('is also gone while it is held back', () => {
    const model = seen(anOpenChat(1), said(5));
    expect(model.held).toHaveLength(1);

    expect(seen(model, deleted(5)).held).toEqual([]);
  });

  test("leaves the outbox, if it is the customer's own and its echo was lost", () => {
    const model = anOpenChat();
    const entry = newEntry(model.outbox, { id: 'm1', body: 'secret', createdAtMs: 0, chat: 1 });
    const sending = { ...model, outbox: markSending([entry], 'm1') };

    expect(seen(sending, deleted(3, 'm1')).outbox).toEqual([]);
  });

  test('is the same model when it is told again', () => {
    const model = seen(anOpenChat(), deleted(1));

    expect(seen(model, deleted(1))).toBe(model);
  });

  test.each([
    ['in the middle', [0, 2], ['line 0', 'line 2']],
    ['at the end', [0, 1], ['line 0', 'line 1']],
    ['all of them', [], []],
  ])('is missed by the next reading: %s', (_, indexes, expected) => {
    const after = applyPage(anOpenChat(), aHistoryReply({ kept: kept({ indexes }) }));

    expect(bodies(after)).toEqual(expected);
  });

  test('is told by the reply to hello after a reconnect', () => {
    const reply = aSessionReply({
      chat: { number: 1, state: 'open' },
      kept: kept({ indexes: [0, 2] }),
    });

    const after = applySession(anOpenChat(), reply, { chat: 1, index: 2 });

    expect(bodies(after)).toEqual(['line 0', 'line 2']);
  });

  test('spares messages that the reading did not come past, and those of other chats', () => {
    const model = seen(anOpenChat(), aMessageEvent({ chat: 2, index: 1, body: 'other' }));

    const after = applyPage(model, aHistoryReply({ kept: kept({ from: 1, indexes: [2] }) }));

    expect(bodies(after)).toEqual(['line 0', 'line 1', 'line 2']);
    expect(after.held).toEqual(model.held);
  });

  test('is read again if Flex has it after all', () => {
    const listed = applyPage(anOpenChat(), aHistoryReply({ kept: kept({ indexes: [0, 1] }) }));

    const after = applyPage(listed, aHistoryReply({ kept: kept({}) }));

    expect(after.catchUp).toEqual({ cursor: { chat: 1, index: 1 }, complete: false });
    expect(bodies(seen(after, anEcho('m9'), said(2)))).toContain('line 2');
  });
});
