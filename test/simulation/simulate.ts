import { INVARIANTS, type Violation } from './invariants.ts';
import { Simulation, type SimulationOptions } from './simulation.ts';

export interface Outcome {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly trace: readonly string[];
  /** As in `World`. */
  readonly reached: ReadonlySet<string>;
  /** Equal for equal traces. */
  readonly hash: () => string;
}

/** Runs one seed to its end and judges it. */
export async function simulate(options: SimulationOptions): Promise<Outcome> {
  const simulation = new Simulation(options);
  await simulation.run();
  const violations = INVARIANTS.flatMap((invariant) =>
    invariant(simulation).map((what) => ({ invariant: invariant.name, what })),
  );
  const { trace, reached } = simulation.world;
  const hash = () => trace.hash();
  return { seed: options.seed, violations, trace: trace.lines, reached, hash };
}
