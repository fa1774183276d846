import { BACK_ENDS } from '#local/stack/local-config';
import { FOR_TESTS } from '#test/support/started-stack';
import {
  type FaultRun,
  FUNCTIONS_RUN,
  runUnderFaults,
  TWILIO_RUN,
} from '../../bench/load/fault-run.ts';
import { FLAWLESS } from '../../bench/load/verdict.ts';

/** What `npm run faults` does each night, for a few chats, with no fewer faults for each. */
const SMALL_TWILIO_RUN: FaultRun = {
  chats: 8,
  messages: 6,
  faults: {
    ...TWILIO_RUN.faults,
    rest: { status: 429, count: 16 },
    restAfterCommit: { count: 4 },
    // So often that one of a hundred webhooks is lost for certain.
    webhook: { ...TWILIO_RUN.faults.webhook, drop: 0.1 },
  },
};

/** A third of the faults for a thirtieth of the chats, and nobody waits for the visibility timeout. */
const SMALL_FUNCTIONS_RUN: FaultRun = {
  ...FUNCTIONS_RUN,
  chats: 6,
  pauseMs: 500,
  phases: {
    afterMessages: 8,
    eachMessages: 7,
    faults: FUNCTIONS_RUN.phases.faults.map((faults) =>
      JSON.parse(JSON.stringify(faults), (key, value) =>
        key === 'count' ? Math.ceil(value / 3) : value,
      ),
    ),
  },
  stack: { ...FOR_TESTS, redeliveryMs: 500 },
};

/** More than a run itself waits for its chats; a busy machine takes its time for all of them. */
const BOUND_MS = 450_000;

const NOTHING_LOST = {
  atAgents: FLAWLESS,
  atCustomers: FLAWLESS,
  rejected: 0,
  deadLetters: 0,
  remainder: 0,
  extraTasks: 0,
  phasesMissed: 0,
};

describe('chats show every message once and in order on both sides', () => {
  test.each(BACK_ENDS)(
    'while Twilio refuses, forgets to answer and loses webhooks, by %s',
    async (backEnd) => {
      const report = await runUnderFaults({
        ...SMALL_TWILIO_RUN,
        stack: { ...FOR_TESTS, backEnd, redeliveryMs: 500 },
      });

      console.log(`${backEnd} fails`, JSON.stringify(report, undefined, 2));
      expect(report).toMatchObject(NOTHING_LOST);
      // The faults were there: webhooks were lost and came twice.
      expect(report.neverPushed).toBeGreaterThan(0);
      expect(report.pushedAgain).toBeGreaterThan(0);
    },
    BOUND_MS,
  );

  test(
    'while functions die and connections are gone, busy or hanging',
    async () => {
      const report = await runUnderFaults(SMALL_FUNCTIONS_RUN);

      console.log('functions and connections fail', JSON.stringify(report, undefined, 2));
      expect(report).toMatchObject(NOTHING_LOST);
      expect(report.crashes).toBeGreaterThan(5);
      expect(report.pushesFailed).toBeGreaterThan(0);
    },
    BOUND_MS,
  );
});
