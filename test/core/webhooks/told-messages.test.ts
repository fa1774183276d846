import type { FlexMessage } from '#core/flex';
import { channelSid } from '#core/ids';
import { ToldMessages } from '#core/webhooks/told-messages';

const channel = channelSid(`CH${'0'.repeat(32)}`);

const saying = (index: number, body: string): FlexMessage => ({
  index,
  body,
  author: 'ada',
  role: 'agent',
  sentAtMs: 0,
});

describe('what was told of messages', () => {
  test('is other words, not the same again', () => {
    const told = new ToldMessages();

    const news = ['one', 'one', 'two'].map((body) => told.note(channel, saying(0, body)));

    expect(news).toEqual([true, false, true]);
  });

  test('is other buttons, too', () => {
    const told = new ToldMessages();
    const offering = (title: string): FlexMessage => ({
      ...saying(0, 'one'),
      content: { type: 'quickReply', actions: [{ type: 'reply', id: 'a', title }] },
    });

    const news = ['A', 'A', 'B'].map((title) => told.note(channel, offering(title)));

    expect(news).toEqual([true, false, true]);
  });

  test('is not known any more once it is forgotten', () => {
    const told = new ToldMessages();
    told.note(channel, saying(0, 'one'));

    told.forget(channel, saying(0, 'one'));

    expect(told.note(channel, saying(0, 'one'))).toBe(true);
  });

  test('is kept of the latest 2,000 messages', () => {
    const told = new ToldMessages();
    for (let index = 0; index <= 2_000; index += 1) told.note(channel, saying(index, 'one'));

    expect(told.note(channel, saying(1, 'one'))).toBe(false);
    expect(told.note(channel, saying(0, 'one'))).toBe(true);
  });
});
