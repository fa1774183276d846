import { type ChatModel, EMPTY_MODEL } from '#client/sdk/model/chat-model';
import { applyDeleted, applyEdited } from '#client/sdk/model/edits';
import { adoptModel, applyChange, changeBetween, continues } from '#client/sdk/model/model-change';
import { addEarlier } from '#client/sdk/model/window';
import { aMessageEvent } from '#test/support/chat-events';

const messages = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => aMessageEvent({ index: from + n }));
const entry = { id: 'm1', order: 1, body: 'hi', createdAtMs: 0, state: 'queued' } as const;

const model = (fields: Partial<ChatModel> = {}): ChatModel => ({
  ...EMPTY_MODEL,
  sessionId: 's1',
  transcript: messages(10, 5),
  from: { chat: 1, index: 9 },
  catchUp: { cursor: { chat: 1, index: 14 }, complete: true },
  ...fields,
});

/** As it arrives in another tab. */
const told = (before: ChatModel, after: ChatModel) => structuredClone(changeBetween(before, after));

describe('a change of the model', () => {
  test('holds the new message and nothing of the others', () => {
    const before = model();
    const after = { ...before, transcript: [...before.transcript, ...messages(15, 1)] };

    expect(told(before, after)).toEqual({ messages: messages(15, 1), gone: [], fields: {} });
  });

  test('leads from the one model to the other, whatever it is', () => {
    const before = model({ typing: 'Ada', outbox: [entry] });
    const [first, second, ...rest] = before.transcript;
    const edited = aMessageEvent({ index: second?.index ?? 0, body: 'edited' });
    const after: ChatModel = {
      ...before,
      transcript: [edited, ...rest, ...messages(15, 2)],
      typing: undefined,
      agents: ['Ada'],
      outbox: [],
    };

    const change = told(before, after);

    expect(change.gone).toEqual([{ chat: 1, index: first?.index }]);
    expect(applyChange(structuredClone(before), change)).toEqual(after);
  });

  test('leaves what it does not speak of the same objects', () => {
    const before = model({ outbox: [entry], notices: [{ chat: 1, afterIndex: 9, event: 'gap' }] });
    const after = {
      ...before,
      outbox: [entry, { ...entry, id: 'm2', order: 2 }],
      notices: [...before.notices, { chat: 1, afterIndex: 14, event: 'ended' } as const],
    };
    const here = structuredClone(before);

    const changed = applyChange(here, told(before, after));

    expect(changed.transcript).toBe(here.transcript);
    expect(changed.outbox[0]).toBe(here.outbox[0]);
    expect(changed.notices[0]).toBe(here.notices[0]);
  });

  test('keeps each tab’s own part of the transcript', () => {
    const leader = model();
    const follower = addEarlier(
      structuredClone(leader),
      { chat: 1, index: 9 },
      { messages: messages(5, 5), from: { chat: 1, index: 4 } },
    );
    const grown = addEarlier(
      { ...leader, transcript: [...leader.transcript, ...messages(15, 1)] },
      { chat: 1, index: 9 },
      { messages: messages(0, 10), from: { chat: 1, index: -1 } },
    );

    const changed = applyChange(follower, told(leader, grown));

    expect(changed.from).toEqual({ chat: 1, index: 4 });
    expect(changed.transcript.map(({ index }) => index)).toEqual([
      5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
    ]);
  });

  test('can not be told where another session, or the end of a chat, takes the place of all', () => {
    const { from: _, ...unread } = model({ transcript: [] });

    expect(continues(model(), model({ typing: 'Ada' }))).toBe(true);
    expect(continues(model(), model({ sessionId: 's2' }))).toBe(false);
    expect(continues(unread, model())).toBe(false);
  });
});

describe('the whole model of another tab', () => {
  const read = addEarlier(
    model(),
    { chat: 1, index: 9 },
    { messages: messages(5, 5), from: { chat: 1, index: 4 } },
  );

  test('takes over the objects that say the same', () => {
    const here = model({ outbox: [entry] });

    const adopted = adoptModel(here, structuredClone({ ...here, typing: 'Ada' }));

    expect(adopted.typing).toBe('Ada');
    expect(adopted.transcript.every((one, place) => one === here.transcript[place])).toBe(true);
    expect(adopted.outbox[0]).toBe(here.outbox[0]);
  });

  test('keeps the earlier messages that were read here', () => {
    const adopted = adoptModel(read, model());

    expect(adopted.transcript[0]?.index).toBe(5);
    expect(adopted.from).toEqual({ chat: 1, index: 4 });
  });

  test.each([
    ['of another session', model({ sessionId: 's2' })],
    [
      'that begins after the last one known here',
      model({ transcript: messages(30, 2), from: { chat: 1, index: 29 } }),
    ],
  ])('takes the place of all when it is one %s', (_, heard) => {
    expect(adoptModel(read, heard)).toEqual(heard);
  });
});

describe('a message that only a follower keeps', () => {
  const anEdit = { chat: 1, index: 6, body: 'new words', editedAt: '2026-11-22T09:05:00.000Z' };
  const edit = (leader: ChatModel) =>
    applyEdited(leader, {
      ...aMessageEvent(anEdit),
      type: 'messageEdited',
      editedAt: anEdit.editedAt,
    });
  const gone = (leader: ChatModel) =>
    applyDeleted(leader, { type: 'messageDeleted', chat: 1, index: 6 });
  const further = () =>
    addEarlier(
      structuredClone(model()),
      { chat: 1, index: 9 },
      { messages: messages(5, 5), from: { chat: 1, index: 4 } },
    );
  const bodyOf = ({ transcript }: ChatModel) => transcript.find(({ index }) => index === 6)?.body;

  test('gets its new words by a change', () => {
    const leader = model();

    expect(bodyOf(applyChange(further(), told(leader, edit(leader))))).toBe('new words');
  });

  test('goes by a change when it is deleted', () => {
    const leader = model();

    expect(bodyOf(applyChange(further(), told(leader, gone(leader))))).toBeUndefined();
  });

  test.each([
    ['new words', edit, 'new words'],
    ['no words any more', gone, undefined],
  ] as const)('has %s when it hears the whole model of another tab', (_, change, body) => {
    const heard = structuredClone(change(model()));

    expect(bodyOf(adoptModel({ ...further(), keeps: 600 }, heard))).toBe(body);
  });

  test('is shown with its new words by a page that was read before it was edited', () => {
    const changed = edit(model());
    const page = { messages: messages(5, 5), from: { chat: 1, index: 4 } };

    expect(bodyOf(addEarlier(changed, { chat: 1, index: 9 }, page))).toBe('new words');
  });
});
