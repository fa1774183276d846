import { type WireEntry, WireLog } from '#local/wire/wire-log';

function aLog(kept = 3) {
  let nowMs = Date.UTC(2026, 10, 28, 12);
  const log = new WireLog({ now: () => nowMs, kept });
  return {
    log,
    pass: (ms: number) => {
      nowMs += ms;
    },
    begin: (title: string, body: unknown = '') => log.watch({ kind: 'frame', title, body }),
    seen: () => {
      const entries: WireEntry[] = [];
      const end = log.follow((entry) => entries.push(entry));
      return { entries, end, titles: () => entries.map(({ title }) => title) };
    },
  };
}

describe('the wire log', () => {
  test('tells what began and, under the same number, how it ended', () => {
    const { log, pass, seen } = aLog();
    const { entries } = seen();

    const ended = log.watch({ kind: 'twilio', title: 'POST /x', about: 'CH1', body: { To: 'a' } });
    pass(25.4);
    ended({ status: 201, answer: '{"sid":"IM1"}' });

    expect(entries).toEqual([
      {
        number: 1,
        kind: 'twilio',
        title: 'POST /x',
        about: 'CH1',
        at: '2026-11-28T12:00:00.000Z',
        body: '{\n  "To": "a"\n}',
      },
      expect.objectContaining({
        number: 1,
        status: '201',
        ms: 25,
        answer: '{\n  "sid": "IM1"\n}',
      }),
    ]);
  });

  test('keeps the last few for who comes later, in the order of their beginning', () => {
    const { begin, seen } = aLog();
    const ended = ['one', 'two', 'three', 'four'].map((title) => begin(title));
    ended[1]?.({ status: 'done' });
    ended[0]?.({ status: 'too late to be kept' });

    const { entries, titles } = seen();

    expect(titles()).toEqual(['two', 'three', 'four']);
    expect(entries[0]?.status).toBe('done');
  });

  test('tells nothing to who has left, and nothing of what is forgotten', () => {
    const { begin, log, seen } = aLog();
    const { end, entries } = seen();
    end();

    begin('one');
    log.forget();

    expect(entries).toEqual([]);
    expect(seen().entries).toEqual([]);
  });

  test('makes no text of a body that nobody looks at', () => {
    const { begin, seen } = aLog();
    const toJSON = jest.fn(() => 'text');

    begin('one', { toJSON });
    expect(toJSON).not.toHaveBeenCalled();

    expect(seen().entries[0]?.body).toContain('text');
  });
});
