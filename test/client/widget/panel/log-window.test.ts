import type { TimelineItem } from '#client/sdk/index';
import { LogWindow } from '#client/widget/panel/log-window';
import { aMessageEvent } from '#test/support/chat-events';

/** As many messages, the first one with this index. */
const messages = (count: number, from = 0): TimelineItem[] =>
  Array.from({ length: count }, (_, place) => ({
    kind: 'message',
    key: `${from + place}`,
    message: aMessageEvent({ index: from + place }),
    readByAgent: false,
    edited: false,
  }));

const drawn = (window: LogWindow, timeline: readonly TimelineItem[]) => {
  const items = window.of(timeline);
  return [items[0]?.key, items.at(-1)?.key, items.length];
};

describe('what is drawn of a chat', () => {
  test('is its end, whatever comes', () => {
    const window = new LogWindow();

    expect(drawn(window, messages(10))).toEqual(['0', '9', 10]);
    expect(drawn(window, messages(200))).toEqual(['150', '199', 50]);
    expect(drawn(window, messages(201))).toEqual(['151', '200', 50]);
    expect(window.reachesEnd).toBe(true);
  });

  test('goes back step by step, and no further than to the first message', () => {
    const window = new LogWindow();
    const timeline = messages(260);

    window.move(timeline, -50);
    expect(drawn(window, timeline)).toEqual(['160', '259', 100]);
    for (let step = 0; step < 9; step += 1) window.move(timeline, -50);

    expect(drawn(window, timeline)).toEqual(['0', '149', 150]);
    expect(window.start).toBe(0);
    expect(window.reachesEnd).toBe(false);
  });

  test('stays where the reader is, whatever comes at the end or is read before it', () => {
    const window = new LogWindow();
    window.move(messages(100, 100), 0);

    expect(drawn(window, messages(150, 100))).toEqual(['150', '249', 100]);
    expect(drawn(window, messages(300, 0))).toEqual(['150', '299', 150]);
  });

  test('reaches the end as soon as it is to follow it, before anything is drawn', () => {
    const window = new LogWindow();
    const timeline = messages(400);
    window.move(timeline, -300);
    drawn(window, timeline);
    expect(window.reachesEnd).toBe(false);

    window.follow();

    expect(window.reachesEnd).toBe(true);
  });

  test('leads on to the end, and follows it from then on', () => {
    const window = new LogWindow();
    const timeline = messages(400);
    window.move(timeline, -300);

    for (let step = 0; step < 9; step += 1) window.move(timeline, 50);
    expect(drawn(window, timeline)).toEqual(['350', '399', 50]);
    window.follow();

    expect(drawn(window, messages(410))).toEqual(['360', '409', 50]);
  });

  test('stays in its place when its first message is gone', () => {
    const window = new LogWindow();
    const timeline = messages(200);
    window.move(timeline, -50);

    expect(
      drawn(
        window,
        timeline.filter(({ key }) => key !== '100'),
      ),
    ).toEqual(['101', '199', 99]);
  });
});
