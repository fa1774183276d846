import { Random } from './random.ts';
import { Scheduler } from './scheduler.ts';
import { Trace } from './trace.ts';
import { type Fault, Weather } from './weather.ts';

/** When every simulation begins. */
const START_MS = Date.parse('2026-01-05T09:00:00.000Z');

/** What everything in one simulation shares; it follows from the seed. */
export interface World {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly weather: Weather;
  readonly trace: Trace;
  /** What has come about at least once: states, outcomes, events, faults. */
  readonly reached: Set<string>;
}

export function createWorld(seed: number, withoutFaults?: ReadonlySet<Fault>): World {
  const scheduler = new Scheduler(START_MS);
  const random = new Random(seed);
  const reached = new Set<string>();
  return {
    scheduler,
    random,
    weather: new Weather(random, (fault) => void reached.add(`fault ${fault}`), withoutFaults),
    trace: new Trace(() => scheduler.nowMs),
    reached,
  };
}
