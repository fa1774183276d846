import { billFor, functionMs } from '../../../bench/cost/bill.ts';
import { leversOf } from '../../../bench/cost/levers.ts';
import { readCostOptions } from '../../../bench/cost/options.ts';
import { readPrices } from '../../../bench/cost/prices.ts';
import { systemLines } from '../../../bench/cost/system-lines.ts';
import { type Usage, withLooks } from '../../../bench/cost/usage.ts';
import { VirtualTimers } from '../../../bench/cost/virtual-timers.ts';

const NOTHING: Usage = {
  framesByAction: {},
  socketMessages: 0,
  connectionMinutes: 0,
  webhooks: 0,
  invocations: {},
  functionMs: 0,
  memoryMb: 512,
  tableReads: 0,
  tableWrites: 0,
  queueRequests: 0,
  pushes: 0,
  twilioCalls: 0,
  logLines: 0,
  logBytes: 0,
  systemLines: 0,
  systemBytes: 0,
};

const A_CHAT: Usage = {
  ...NOTHING,
  framesByAction: { history: 2, markRead: 3 },
  socketMessages: 100,
  webhooks: 30,
  invocations: { CustomerSocket: 40, FlexWebhook: 30 },
  functionMs: 700,
  queueRequests: 60,
  tableReads: 50,
  tableWrites: 20,
  twilioCalls: 20,
  systemLines: 140,
  systemBytes: 20_000,
};

const prices = readPrices();
const MILLION = 1_000_000;

describe('billFor', () => {
  test('prices each service by its own unit, largest first', () => {
    const bill = billFor(
      { ...NOTHING, webhooks: 34, socketMessages: 115 },
      prices,
      'rest',
      MILLION,
    );

    expect(bill.rows.slice(0, 2)).toEqual([
      { service: 'webhooks (rest)', dollars: 119 },
      { service: 'WebSocket messages', dollars: 115 },
    ]);
    expect(bill.total).toBeCloseTo(234);
  });

  test('functions are paid while they wait for services that are slower than the emulators', () => {
    const { latencyMs } = prices;

    expect(functionMs({ ...NOTHING, functionMs: 7, twilioCalls: 2 }, prices)).toBe(
      7 + 2 * latencyMs.twilio,
    );
  });

  test('the intake decides what a webhook costs', () => {
    const usage = { ...NOTHING, webhooks: 10 };
    const costs = (['rest', 'http', 'function-url'] as const).map(
      (intake) => billFor(usage, prices, intake, MILLION).total,
    );

    expect(costs).toEqual([35, 10, 0]);
  });
});

describe('leversOf', () => {
  test('lists what each lever still saves, largest first, and none that is turned already', () => {
    const levers = leversOf(A_CHAT, prices, 'http', MILLION);
    const dollars = levers.map((lever) => lever.dollars);

    expect(dollars).toEqual(dollars.toSorted((a, b) => b - a));
    expect(levers.map(({ lever }) => lever)).not.toContain('webhookIntake: http');
    expect(levers.find(({ lever }) => lever === 'webhooks by a function URL')?.dollars).toBe(30);
  });

  test('no lever saves more than there is', () => {
    const { total } = billFor(A_CHAT, prices, 'rest', MILLION);

    for (const { dollars } of leversOf(A_CHAT, prices, 'rest', MILLION)) {
      expect(dollars).toBeLessThan(total);
    }
  });
});

describe('the options of the command', () => {
  test('without any, a million chats of a quarter of an hour and 26 messages', () => {
    expect(readCostOptions([])).toMatchObject({ chats: MILLION, minutes: 15, messages: 26 });
  });

  test.each([
    [['--messages', '7'], 'an even number'],
    [['--minutes', '0'], 'a whole number from 1 to 100'],
    [['--chats', '1e3'], 'a whole number'],
    [['--intake', 'smtp'], 'one of rest, http, function-url'],
  ])('%j is refused by what would be right', (args, cure) => {
    expect(() => readCostOptions(args)).toThrow(cure);
  });
});

test('a price list that lacks a price is refused by its name', () => {
  expect(() => readPrices(require.resolve('../../../package.json'))).toThrow('perMillion');
});

test('Lambda writes nothing of its own about runs that go well at the level WARN', () => {
  expect(systemLines('WARN')).toEqual({ lines: 0, bytes: 0 });
  expect(systemLines('INFO').lines).toBe(2);
  expect(systemLines(undefined).bytes).toBeGreaterThan(300);
});

test('a long chat has looks that a quick one has not, as many as it has messages at most', () => {
  expect(withLooks(NOTHING, { minutes: 15, messages: 26 }).twilioCalls).toBe(14);
  expect(withLooks(NOTHING, { minutes: 90, messages: 4 }).twilioCalls).toBe(4);
});

test('timers run in the order of their times, each once what came before has settled', async () => {
  const said: string[] = [];
  const timers = new VirtualTimers(async () => void said.push('settled'));
  timers.after(20, () => said.push('second'));
  timers.after(10, () => timers.after(5, () => said.push('first')));
  timers.after(15, () => said.push('never'))();

  await timers.advance(20);

  expect(said.filter((what) => what !== 'settled')).toEqual(['first', 'second']);
  expect(said.at(-1)).toBe('settled');
});
