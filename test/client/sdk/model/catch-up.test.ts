import { beginCatchUp, continueCatchUp } from '#client/sdk/model/catch-up';
import { aHistoryReply, aMessageEvent, aSessionReply } from '#test/support/chat-events';

const at = (chat: number, index: number) => aMessageEvent({ chat, index });

describe('beginCatchUp', () => {
  test('is done when the reply held everything', () => {
    const reply = aSessionReply({
      chat: { number: 1, state: 'open' },
      missed: [at(1, 0), at(1, 4)],
    });

    const catchUp = beginCatchUp(reply, undefined);

    expect(catchUp).toEqual({ cursor: { chat: 1, index: 4 }, complete: true });
  });

  test('stays at its cursor when nothing was missed', () => {
    const reply = aSessionReply({ chat: { number: 1, state: 'open' } });

    const catchUp = beginCatchUp(reply, { chat: 1, index: 4 });

    expect(catchUp).toEqual({ cursor: { chat: 1, index: 4 }, complete: true });
  });

  test('goes on after the last message of an incomplete reply', () => {
    const reply = aSessionReply({ missed: [at(1, 5), at(1, 6)], complete: false });

    const catchUp = beginCatchUp(reply, { chat: 1, index: 4 });

    expect(catchUp).toEqual({ cursor: { chat: 1, index: 6 }, complete: false });
  });

  test('begins before the first message when Flex could not be asked', () => {
    const reply = aSessionReply({ chat: { number: 2, state: 'open' }, complete: false });

    const catchUp = beginCatchUp(reply, undefined);

    expect(catchUp).toEqual({ cursor: { chat: 2, index: -1 }, complete: false });
  });

  test('drops a cursor of a chat that the session does not have', () => {
    const catchUp = beginCatchUp(aSessionReply(), { chat: 9, index: 3 });

    expect(catchUp.cursor).toEqual({ chat: 1, index: -1 });
  });
});

describe('continueCatchUp', () => {
  const earlier = { cursor: { chat: 1, index: 4 }, complete: false };

  test('goes on to the next chat when one is read to its end', () => {
    const page = aHistoryReply({ messages: [at(1, 5)], state: 'ended' });

    const catchUp = continueCatchUp(earlier, page, 2);

    expect(catchUp).toEqual({ cursor: { chat: 2, index: -1 }, complete: false });
  });

  test.each(['none', 'open'] as const)(
    'reads an earlier chat again that was listed while it was %s',
    (state) => {
      const page = aHistoryReply({ messages: [at(1, 5)], state });

      const catchUp = continueCatchUp(earlier, page, 2);

      expect(catchUp).toEqual({ cursor: { chat: 1, index: 5 }, complete: false });
    },
  );

  test('reads each chat in between', () => {
    const catchUp = continueCatchUp(earlier, aHistoryReply({ state: 'ended' }), 3);

    expect(catchUp.cursor).toEqual({ chat: 2, index: -1 });
  });

  test('is done at the end of the current chat', () => {
    const catchUp = continueCatchUp(earlier, aHistoryReply(), 1);

    expect(catchUp).toEqual({ cursor: { chat: 1, index: 4 }, complete: true });
  });

  test('stays in a chat that is not read to its end', () => {
    const page = aHistoryReply({ messages: [at(1, 5)], complete: false });

    const catchUp = continueCatchUp(earlier, page, 2);

    expect(catchUp).toEqual({ cursor: { chat: 1, index: 5 }, complete: false });
  });
});
