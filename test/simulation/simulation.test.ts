import { simulate } from './simulate.ts';
import { FAULTS } from './weather.ts';

const SEEDS = 200;

/**
 * What nothing was seen of was not tested. Not among it: what only abuse and an operator bring
 * about, and `typing`, of which no webhook tells.
 */
const TO_BE_REACHED = [
  ...FAULTS.map((fault) => `fault ${fault}`),
  ...['offline', 'connecting', 'online', 'waiting'].map((state) => `client ${state}`),
  ...['unknown', 'none', 'open', 'ended'].map((state) => `client chat ${state}`),
  ...['queued', 'sending', 'sent', 'failed', 'read'].map((state) => `client message ${state}`),
  'client keeps what is pending',
  'client can not keep what is pending',
  'client knows of earlier messages',
  ...['posted', 'found', 'rejected', 'given up', 'found at last'].map(
    (outcome) => `letter message ${outcome}`,
  ),
  ...['end done', 'look done'].map((outcome) => `letter ${outcome}`),
  ...['chat_ended', 'no_chat', 'undeliverable'].map((code) => `event rejected ${code}`),
  ...['no_chat', 'unavailable'].map((code) => `event error ${code}`),
  ...['agent', 'customer', 'system'].map((by) => `event ended by ${by}`),
  ...['agent', 'bot', 'customer'].map((role) => `event message by ${role}`),
  ...['none', 'open', 'ended'].map((state) => `event history ${state}`),
  'frame markRead',
  'frame typing',
  'event messageEdited',
  'event messageDeleted',
  'event participant joined',
  'event participant left',
  'event read',
  'event closing expired',
];

describe('the simulation of delivery', () => {
  /** Everything that has to be known of the seeds that went wrong. */
  const failures: string[] = [];
  const reached = new Set<string>();

  beforeAll(async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const outcome = await simulate({ seed });
      for (const name of outcome.reached) reached.add(name);
      for (const { invariant, what } of outcome.violations) {
        failures.push(`${seed} ${invariant}: ${what}`);
      }
    }
  }, 120_000);

  test(`finds no violation in ${SEEDS} seeds`, () => {
    expect(failures).toEqual([]);
  });

  test('reaches every state, outcome and fault', () => {
    expect(TO_BE_REACHED.filter((name) => !reached.has(name))).toEqual([]);
  });

  test.each([1, 42, 4711])('repeats seed %i event by event', async (seed) => {
    const first = await simulate({ seed });
    const second = await simulate({ seed });

    expect(second.trace).toEqual(first.trace);
    expect(second.hash()).toBe(first.hash());
  });

  test('tells another story for another seed', async () => {
    const one = await simulate({ seed: 1 });
    const other = await simulate({ seed: 2 });

    expect(other.hash()).not.toBe(one.hash());
  });
});
