import { Concurrency } from '#local/emulators/lambda/concurrency';

const FUNCTIONS = [
  { name: 'socket', reservedConcurrency: 2 },
  { name: 'webhook' },
  { name: 'worker' },
];

/** How many runs of a function begin before one is refused; all stay. */
function begun(concurrency: Concurrency, name: string, accountLimit: number): number {
  let runs = 0;
  try {
    for (;;) {
      concurrency.begin(name, accountLimit);
      runs += 1;
    }
  } catch (error) {
    expect(error).toMatchObject({ kind: 'throttle' });
    return runs;
  }
}

describe('Concurrency', () => {
  test('gives a function what it reserves and no more', () => {
    expect(begun(new Concurrency(FUNCTIONS), 'socket', 10)).toBe(2);
  });

  test('lets all others share the rest of the account', () => {
    const concurrency = new Concurrency(FUNCTIONS);

    expect(begun(concurrency, 'worker', 10)).toBe(8);
    expect(begun(concurrency, 'webhook', 10)).toBe(0);
    expect(begun(concurrency, 'socket', 10)).toBe(2);
  });

  test('never runs a function that reserves nothing by reserving 0', () => {
    const concurrency = new Concurrency([{ name: 'off', reservedConcurrency: 0 }]);

    expect(begun(concurrency, 'off', 10)).toBe(0);
  });

  test('takes a run again once one has ended', () => {
    const concurrency = new Concurrency([{ name: 'socket', reservedConcurrency: 1 }]);

    concurrency.begin('socket', 10)();

    expect(begun(concurrency, 'socket', 10)).toBe(1);
  });

  test('refuses functions that leave fewer than 100 runs for the others', () => {
    const reserving = (reservedConcurrency: number) => () =>
      new Concurrency([{ name: 'greedy', reservedConcurrency }]);

    expect(reserving(900)).not.toThrow();
    expect(reserving(901)).toThrow('100 must stay unreserved');
  });
});
