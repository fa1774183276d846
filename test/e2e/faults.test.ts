import { FULL_RUN, runUnderFaults } from '../../bench/load/fault-run.ts';
import { FLAWLESS } from '../../bench/load/verdict.ts';

/** A fifth of what `npm run faults` does, with as many faults for each chat. */
const SMALL_RUN = {
  chats: 40,
  messages: 6,
  faults: {
    ...FULL_RUN.faults,
    rest: { status: 429, count: 80 },
    restAfterCommit: { count: 20 },
  },
};

describe('chats while Twilio refuses, forgets to answer and loses webhooks', () => {
  test('show every message once and in order on both sides', async () => {
    const report = await runUnderFaults(SMALL_RUN);

    console.log('under faults', JSON.stringify(report, undefined, 2));
    expect(report).toMatchObject({
      atAgents: FLAWLESS,
      atCustomers: FLAWLESS,
      rejected: 0,
      deadLetters: 0,
      remainder: 0,
      extraTasks: 0,
    });
    // The faults were there: webhooks were lost and came twice.
    expect(report.neverPushed).toBeGreaterThan(0);
    expect(report.pushedAgain).toBeGreaterThan(0);
  }, 180_000);
});
