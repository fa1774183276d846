import { applyPage, applySession } from '#client/sdk/model/apply-listing';
import { receive } from '#client/sdk/model/arrivals';
import { type ChatModel, EMPTY_MODEL } from '#client/sdk/model/chat-model';
import { timelineOf } from '#client/sdk/model/timeline';
import { addEarlier, addNotice, hasEarlier, withinWindow } from '#client/sdk/model/window';
import { aHistoryReply, aMessageEvent, aSessionReply } from '#test/support/chat-events';

const messages = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => aMessageEvent({ index: from + n }));
const indexesOf = ({ transcript }: ChatModel) => transcript.map(({ index }) => index);
const joined = (afterIndex: number) =>
  ({ chat: 1, afterIndex, event: 'joined', name: `A${afterIndex}` }) as const;

/** Listed from its end. */
const latest = (from: number, count: number, earlier: boolean) =>
  applySession(
    EMPTY_MODEL,
    aSessionReply({
      chat: { number: 1, state: 'open' },
      missed: messages(from, count),
      complete: true,
      earlier,
    }),
    undefined,
  );

describe('a transcript that is listed from its end', () => {
  test('begins with the first message listed, and is complete', () => {
    const model = latest(950, 50, true);

    expect(model).toMatchObject({
      from: { chat: 1, index: 949 },
      catchUp: { cursor: { chat: 1, index: 999 }, complete: true },
    });
    expect(hasEarlier(model)).toBe(true);
  });

  test('has nothing earlier when all of it was listed', () => {
    expect(hasEarlier(latest(3, 50, false))).toBe(false);
  });

  test('begins with the first message of the chat where the server lists that first', () => {
    const reply = aSessionReply({ chat: { number: 1, state: 'open' }, missed: messages(0, 50) });

    const model = applySession(EMPTY_MODEL, { ...reply, complete: false }, undefined);

    expect(model.from).toBeUndefined();
    expect(model.catchUp).toEqual({ cursor: { chat: 1, index: 49 }, complete: false });
  });

  test('is not mixed with the end of a later chat', () => {
    const unread = applySession(
      EMPTY_MODEL,
      aSessionReply({ chat: { number: 1, state: 'open' }, complete: false }),
      undefined,
    );
    const page = aHistoryReply({ chat: 2, messages: [aMessageEvent({ chat: 2 })], earlier: true });

    const model = applyPage(unread, page);

    expect(model).toMatchObject({ transcript: [], chat: { number: 2 }, catchUp: unread.catchUp });
  });

  test('lets a page of its end take the place of what was shown without it', () => {
    const unread = applySession(
      EMPTY_MODEL,
      aSessionReply({ chat: { number: 1, state: 'open' }, complete: false }),
      undefined,
    );
    const early = { ...unread, transcript: messages(100, 1) };

    const model = applyPage(early, aHistoryReply({ messages: messages(150, 2), earlier: true }));

    expect(indexesOf(model)).toEqual([150, 151]);
    expect(model.from).toEqual({ chat: 1, index: 149 });
  });

  test('passes over a message from before it', () => {
    const model = latest(950, 50, true);

    expect(receive(model, aMessageEvent({ index: 100 }))).toBe(model);
  });
});

describe('a transcript that grows', () => {
  test('keeps the last 500 messages, and knows that there were others', () => {
    let model = latest(0, 500, false);

    for (const message of messages(500, 7)) model = receive(model, message);

    expect(indexesOf(model)).toEqual(messages(7, 500).map(({ index }) => index));
    expect(model.from).toEqual({ chat: 1, index: 6 });
  });

  test('lets go of the notices before its first message, and keeps the keys of the others', () => {
    const model = { ...latest(0, 500, false), notices: [joined(0), joined(499)] };
    const [, kept] = timelineOf(model).flatMap(({ kind, key }) => (kind === 'notice' ? key : []));

    const after = messages(500, 2).reduce(receive, model);

    expect(after.notices).toEqual([joined(499)]);
    expect(timelineOf(after).find(({ kind }) => kind === 'notice')?.key).toBe(kept);
  });

  test('keeps the last 200 notices, if nothing is said between them', () => {
    let model = EMPTY_MODEL;

    for (let n = 0; n < 203; n += 1) model = addNotice(model, joined(n));

    expect(model.notices).toHaveLength(200);
    expect(model.notices[0]).toEqual(joined(3));
  });
});

describe('addEarlier', () => {
  const before = { chat: 1, index: 949 };
  const earlier = { messages: messages(850, 100), from: { chat: 1, index: 849 } };

  test('puts messages before the first, and keeps them while others come', () => {
    let model = addEarlier(latest(950, 50, true), before, earlier);

    for (const message of messages(1_000, 400)) model = receive(model, message);

    expect(model.from).toEqual(earlier.from);
    expect(indexesOf(model)[0]).toBe(850);
    expect(withinWindow(model)).toBe(model);
  });

  test('changes nothing when other messages were asked for', () => {
    const model = latest(960, 40, true);

    expect(addEarlier(model, before, earlier)).toBe(model);
  });
});
