import { type ChatModel, EMPTY_MODEL } from '#client/sdk/model/chat-model';
import { timelineOf } from '#client/sdk/model/timeline';
import { aMessageEvent, anEcho } from '#test/support/chat-events';

const keysOf = (model: Partial<ChatModel>) =>
  timelineOf({ ...EMPTY_MODEL, ...model }).map(({ key }) => key);

const anEntry = (id: string) =>
  ({ id, order: 1, body: 'hello', createdAtMs: 0, state: 'queued' }) as const;

describe('timelineOf', () => {
  test('puts what is on its way after everything that was said', () => {
    const keys = keysOf({
      transcript: [anEcho('m1'), aMessageEvent({ index: 1 })],
      outbox: [anEntry('m2'), anEntry('m3')],
    });

    expect(keys).toEqual(['own:m1', '1:1', 'own:m2', 'own:m3']);
  });

  test('keeps the key of a message through its delivery', () => {
    const [before] = keysOf({ outbox: [anEntry('m1')] });

    const [delivered] = keysOf({ transcript: [anEcho('m1')] });

    expect(delivered).toBe(before);
  });

  test('places notices behind their message, and an end behind its chat', () => {
    const keys = keysOf({
      transcript: [
        aMessageEvent({ index: 0 }),
        aMessageEvent({ index: 1 }),
        aMessageEvent({ chat: 2 }),
      ],
      notices: [
        { chat: 1, afterIndex: Infinity, event: 'ended' },
        { chat: 1, afterIndex: 0, event: 'joined', name: 'Ada' },
      ],
    });

    expect(keys).toEqual(['1:0', 'notice:1', '1:1', 'notice:0', '2:0']);
  });

  test('marks the own messages that the agent has read', () => {
    const timeline = timelineOf({
      ...EMPTY_MODEL,
      transcript: [anEcho('m1'), aMessageEvent({ index: 1 }), anEcho('m2', { index: 2 })],
      readUpTo: { chat: 1, index: 1 },
    });

    expect(timeline.map((item) => item.kind === 'message' && item.readByAgent)).toEqual([
      true,
      false,
      false,
    ]);
  });
});
