/**
 * `npm run soak -- --minutes 10 --chats 500`: chats that go on and on. Ends with 1 when memory
 * grows, or anything is left behind or goes wrong.
 */
import { parseArgs } from 'node:util';
import { type SoakReport, soak } from './soak/soak-run.ts';

/** The heap of the emulators is measured without garbage, and what they remember is bounded. */
const MOST_HEAP_GROWTH_MB_PER_MINUTE = 1;

/**
 * The process as a whole goes up and down by hundreds of megabytes with the garbage of thirty
 * threads, each way for minutes: its peak tells more than a slope.
 */
const MOST_PEAK_RISE = 0.1;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    chats: { type: 'string', default: '500' },
    /** All chats together. */
    'turns-per-second': { type: 'string', default: '20' },
  },
});

function positive(name: keyof typeof values): number {
  const value = Number(values[name]);
  if (value > 0) return value;
  throw new Error(`--${name} is a number above 0, not "${values[name]}"`);
}

function complaints(report: SoakReport): string[] {
  const counts = [
    'late',
    'connectionItems',
    'letters',
    'deadLetters',
    'unhandledRejections',
  ] as const;
  const left = counts
    .filter((name) => report[name] !== 0)
    .map((name) => `${name}: ${report[name]}, expected none`);
  for (const [error, times] of Object.entries(report.errors)) left.push(`${times} × ${error}`);
  if (report.turns === 0) left.push('nobody said anything');
  if (isAbove(report.rssPeakRise, MOST_PEAK_RISE)) {
    left.push(`the memory's peak is over ${MOST_PEAK_RISE * 100} % above that of the warm-up`);
  }
  if (isAbove(report.heapGrowthMbPerMinute, MOST_HEAP_GROWTH_MB_PER_MINUTE)) {
    left.push(`the heap grows by over ${MOST_HEAP_GROWTH_MB_PER_MINUTE} MB a minute`);
  }
  return left;
}

const isAbove = (value: number | null, most: number): boolean => value !== null && value > most;

const report = await soak(
  {
    minutes: positive('minutes'),
    chats: positive('chats'),
    turnsPerSecond: positive('turns-per-second'),
  },
  console.log,
);
console.log(report);
if (report.rssPeakRise === null) {
  console.log('Too short to judge memory, which takes 5 minutes to warm up and 1 to measure.');
}
const wrong = complaints(report);
for (const complaint of wrong) console.error(complaint);
process.exitCode = wrong.length === 0 ? 0 : 1;
