import { addMessages, EMPTY_TRANSCRIPT, newMessages } from '#client/sdk/model/transcript';
import { aMessageEvent } from '#test/support/chat-events';

const at = (chat: number, index: number) => aMessageEvent({ chat, index });
const places = (messages: readonly { chat: number; index: number }[]) =>
  messages.map(({ chat, index }) => `${chat}:${index}`);

describe('addMessages', () => {
  test('orders by chat, then by index, whatever the order of arrival', () => {
    const transcript = addMessages(EMPTY_TRANSCRIPT, [at(2, 0), at(1, 7), at(1, 2)]);

    const after = addMessages(transcript, [at(1, 5), at(2, 10), at(2, 9)]);

    expect(places(after)).toEqual(['1:2', '1:5', '1:7', '2:0', '2:9', '2:10']);
  });

  test('shows a repeated message once and keeps the first', () => {
    const transcript = addMessages(EMPTY_TRANSCRIPT, [at(1, 0)]);

    const after = addMessages(transcript, [aMessageEvent({ body: 'again' })]);

    expect(after).toBe(transcript);
  });

  test('does not mistake the same index of another chat for a known message', () => {
    const after = addMessages(EMPTY_TRANSCRIPT, [at(1, 0), at(2, 0)]);

    expect(after).toHaveLength(2);
  });
});

describe('newMessages', () => {
  test('names those not there yet, each once', () => {
    const found = newMessages([at(1, 0)], [at(1, 0), at(1, 1), at(1, 1)]);

    expect(places(found)).toEqual(['1:1']);
  });
});
