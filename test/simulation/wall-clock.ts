import type { World } from './world.ts';

/** What a tab believes the time to be: seconds to years wrong, and set now and then. */
export class WallClock {
  readonly #world: World;
  #errorMs = 0;

  constructor(world: World) {
    this.#world = world;
    if (world.weather.strikes('clockWrong')) this.set();
  }

  readonly nowMs = (): number => this.#world.scheduler.nowMs + this.#errorMs;

  /** Forwards or backwards. */
  set(): void {
    const { random } = this.#world;
    const spanMs = random.pick([20_000, HOUR_MS, 100 * HOUR_MS, 50_000 * HOUR_MS]) ?? HOUR_MS;
    this.#errorMs = random.between(-spanMs, spanMs);
  }
}

const HOUR_MS = 3_600_000;
