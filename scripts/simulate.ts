/**
 * Runs the simulation of delivery over many seeds, or replays one with its trace.
 *
 *   npm run simulate -- --seeds 10000 [--from 1] [--minutes 10]
 *   npm run simulate -- --seed 4711
 *
 * Exits 1 on the first violation, 2 on a usage error.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Outcome, simulate } from '#test/simulation/simulate';

const DEFAULT_SEEDS = 1_000;

interface Plan {
  readonly from: number;
  readonly seeds: number;
  readonly maxMs: number;
  /** Show what happened. */
  readonly isReplay: boolean;
}

const rejections: string[] = [];
process.on('unhandledRejection', (reason) => rejections.push(String(reason)));

async function run({ from, seeds, maxMs, isReplay }: Plan): Promise<number> {
  const startedAt = performance.now();
  let done = 0;
  for (let seed = from; seed < from + seeds && performance.now() - startedAt < maxMs; seed += 1) {
    const outcome = await simulate({ seed });
    done += 1;
    // Rejections that nobody handles are told of at the end of a turn.
    await nextTurn();
    if (isReplay || isBad(outcome)) print(outcome);
    if (isBad(outcome)) return 1;
    if (done % 100 === 0) progress(done, seeds, startedAt);
  }
  progress(done, seeds, startedAt);
  process.stderr.write('\n');
  console.log(`${done} seeds from ${from}: no violation`);
  return 0;
}

function isBad({ violations }: Outcome): boolean {
  return violations.length > 0 || rejections.length > 0;
}

function print({ seed, violations, trace, hash }: Outcome): void {
  for (const line of trace) console.log(line);
  console.log(`seed ${seed}, trace ${hash()}`);
  for (const { invariant, what } of violations) console.log(`VIOLATED ${invariant}: ${what}`);
  for (const reason of rejections) console.log(`VIOLATED noRejectionIsUnhandled: ${reason}`);
}

function progress(done: number, seeds: number, startedAt: number): void {
  const seconds = (performance.now() - startedAt) / 1_000;
  process.stderr.write(`\r${done} of ${seeds} seeds, ${(done / seconds).toFixed(1)} per second `);
}

function readPlan(args: string[]): Plan {
  try {
    const { values } = parseArgs({
      args,
      options: {
        seed: { type: 'string' },
        seeds: { type: 'string' },
        from: { type: 'string' },
        minutes: { type: 'string' },
      },
    });
    const { seed, seeds, from, minutes } = values;
    const isReplay = seed !== undefined;
    if (isReplay && (seeds ?? from ?? minutes) !== undefined) {
      throw new Error('--seed replays one seed and goes with no other option');
    }
    return {
      from: whole(isReplay ? '--seed' : '--from', seed ?? from ?? '1', 0),
      seeds: isReplay ? 1 : whole('--seeds', seeds ?? String(DEFAULT_SEEDS), 1),
      maxMs:
        minutes === undefined ? Number.POSITIVE_INFINITY : whole('--minutes', minutes, 1) * 60_000,
      isReplay,
    };
  } catch (error) {
    console.error(`simulate: ${error instanceof Error ? error.message : error}`);
    console.error('usage: simulate [--seeds N] [--from N] [--minutes N] | --seed N');
    process.exit(2);
  }
}

function whole(option: string, value: string, least: number): number {
  if (/^\d+$/.test(value) && Number(value) >= least) return Number(value);
  throw new Error(`${option} is a whole number of at least ${least}, not "${value}"`);
}

process.exitCode = await run(readPlan(process.argv.slice(2)));
