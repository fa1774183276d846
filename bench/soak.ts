/**
 * `npm run soak -- --minutes 10 --chats 500`: chats that go on and on. Ends with 1 when memory
 * grows, or anything is left behind or goes wrong.
 */
import { parseArgs } from 'node:util';
import { type SoakReport, soak } from './soak/soak-run.ts';

/**
 * The process as a whole goes up and down with the garbage of thirty threads; the heap of the
 * emulators is free of it, and what they remember is bounded.
 */
const MOST_GROWTH_MB_PER_MINUTE = { rss: 10, heap: 1 };

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
  const { rss, heap } = MOST_GROWTH_MB_PER_MINUTE;
  if (isAbove(report.rssGrowthMbPerMinute, rss)) {
    left.push(`memory grows by over ${rss} MB a minute`);
  }
  if (isAbove(report.heapGrowthMbPerMinute, heap)) {
    left.push(`the heap grows by over ${heap} MB a minute`);
  }
  return left;
}

const isAbove = (growth: number | null, most: number): boolean => growth !== null && growth > most;

const report = await soak(
  {
    minutes: positive('minutes'),
    chats: positive('chats'),
    turnsPerSecond: positive('turns-per-second'),
  },
  console.log,
);
console.log(report);
if (report.rssGrowthMbPerMinute === null) {
  console.log('Too short to judge memory, which takes 5 minutes to warm up and 1 to measure.');
}
const wrong = complaints(report);
for (const complaint of wrong) console.error(complaint);
process.exitCode = wrong.length === 0 ? 0 : 1;
