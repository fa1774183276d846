import { list, receive, release } from '#client/sdk/model/arrivals';
import { type ChatModel, EMPTY_MODEL } from '#client/sdk/model/chat-model';
import { newEntry } from '#client/sdk/model/outbox';
import { aMessageEvent, anEcho } from '#test/support/chat-events';

const at = (index: number, chat = 1) => aMessageEvent({ chat, index });
const knownUpTo = (index: number): ChatModel => ({
  ...EMPTY_MODEL,
  catchUp: { cursor: { chat: 1, index }, complete: true },
});
const indexes = (messages: readonly { index: number }[]) => messages.map(({ index }) => index);
const cursorOf = ({ catchUp }: ChatModel) => catchUp?.cursor;

describe('receive', () => {
  test('shows a message that follows the last known one, and moves the cursor', () => {
    const model = receive(knownUpTo(3), at(4));

    expect(indexes(model.transcript)).toEqual([4]);
    expect(cursorOf(model)).toEqual({ chat: 1, index: 4 });
  });

  test('holds back a message whose predecessor is not known', () => {
    const model = receive(knownUpTo(3), at(6));

    expect(indexes(model.transcript)).toEqual([]);
    expect(indexes(model.held)).toEqual([6]);
    expect(cursorOf(model)).toEqual({ chat: 1, index: 3 });
  });

  test('shows those that overtook each other in their order', () => {
    const model = [at(6), at(5), at(4)].reduce(receive, knownUpTo(3));

    expect(indexes(model.transcript)).toEqual([4, 5, 6]);
    expect(model.held).toEqual([]);
    expect(cursorOf(model)).toEqual({ chat: 1, index: 6 });
  });

  test.each([
    ['shown', [at(4), at(4)]],
    ['held back', [at(6), at(6)]],
  ])('knows a message again that is %s', (_, [first, again]) => {
    const model = receive(knownUpTo(3), first ?? at(0));

    expect(receive(model, again ?? at(0))).toBe(model);
  });

  test('holds back everything until the session has told what is known', () => {
    const model = receive(EMPTY_MODEL, at(0));

    expect(indexes(model.held)).toEqual([0]);
  });

  test('shows the first message of a later chat, but does not move the cursor past the end of this one', () => {
    const model = receive(knownUpTo(3), at(0, 2));

    expect(indexes(model.transcript)).toEqual([0]);
    expect(cursorOf(model)).toEqual({ chat: 1, index: 3 });
  });

  test('settles the customer’s own message once it is shown, not while it is held back', () => {
    const outbox = [newEntry([], { id: 'm1', body: 'hello', createdAtMs: 0 })];

    const held = receive({ ...knownUpTo(3), outbox }, anEcho('m1', { index: 5 }));
    const shown = receive(held, at(4));

    expect([held.outbox.length, shown.outbox.length]).toEqual([1, 0]);
  });
});

describe('list', () => {
  test('shows what was held back behind a gap that the listing proves', () => {
    const held = receive(knownUpTo(3), at(7));

    const model = list({ ...held, catchUp: { cursor: { chat: 1, index: 7 }, complete: true } }, [
      at(7),
    ]);

    expect(indexes(model.transcript)).toEqual([7]);
    expect(model.held).toEqual([]);
  });

  test('keeps back what lies behind a gap in the listing’s future', () => {
    const held = receive(knownUpTo(3), at(7));

    const model = list(held, [at(4)]);

    expect(indexes(model.transcript)).toEqual([4]);
    expect(indexes(model.held)).toEqual([7]);
  });
});

describe('release', () => {
  test('shows what has waited long enough, and what then has its predecessor', () => {
    const held = [at(6), at(7), at(9)].reduce(receive, knownUpTo(3));

    const model = release(held, { chat: 1, index: 6 });

    expect(indexes(model.transcript)).toEqual([6, 7]);
    expect(indexes(model.held)).toEqual([9]);
    expect(cursorOf(model)).toEqual({ chat: 1, index: 3 });
  });

  test('changes nothing when it is shown already', () => {
    const model = receive(knownUpTo(3), at(4));

    expect(release(model, { chat: 1, index: 4 })).toBe(model);
  });
});
