import type { World } from './world.ts';

/** What became of an invocation that did not come to its end. */
export const CRASHED = Symbol('crashed');

/**
 * One run of a function. Every call to the outside is a step that takes time, so that others
 * act in between, and at which the function can die, before or after the call's effect.
 */
export class Invocation {
  readonly name: string;
  readonly #world: World;
  readonly #timeoutMs: number;
  #endsAtMs = Number.POSITIVE_INFINITY;
  #isDead = false;
  #onDeath: () => void = () => {};

  constructor(world: World, name: string, timeoutMs: number) {
    this.#world = world;
    this.name = name;
    this.#timeoutMs = timeoutMs;
  }

  get remainingMs(): number {
    return this.#endsAtMs - this.#world.scheduler.nowMs;
  }

  /** @returns the result, or `CRASHED`; what the function had begun then stays as it is. */
  run<Result>(work: () => Promise<Result>): Promise<Result | typeof CRASHED> {
    const { scheduler } = this.#world;
    this.#endsAtMs = scheduler.nowMs + this.#timeoutMs;
    return new Promise((resolve, reject) => {
      const cancelTimeout = scheduler.after(this.#timeoutMs, () => this.#die('timed out'));
      this.#onDeath = () => {
        cancelTimeout();
        resolve(CRASHED);
      };
      work().then(resolve, reject).finally(cancelTimeout);
    });
  }

  /** A call to the outside. Its effect happens in full or not at all. */
  async step<Result>(call: string, effect: () => Promise<Result>): Promise<Result> {
    const { scheduler, weather, random } = this.#world;
    await scheduler.sleep(
      weather.strikes('storeSlow') ? random.between(100, 3_000) : random.between(1, 12),
    );
    await this.#mayDie(`before ${call}`);
    const result = await effect();
    await this.#mayDie(`after ${call}`);
    return result;
  }

  /** The same port, with a step for each call of a method. */
  wrap<Port extends object>(port: Port, name: string): Port {
    return new Proxy(port, {
      get: (target, key) => {
        const method: unknown = Reflect.get(target, key);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) =>
          this.step(`${name}.${String(key)}`, () => Reflect.apply(method, target, args));
      },
    });
  }

  #mayDie(where: string): Promise<void> | undefined {
    if (!this.#isDead && this.#world.weather.strikes('crash')) this.#die(where);
    return this.#isDead ? new Promise(() => {}) : undefined;
  }

  #die(where: string): void {
    if (this.#isDead) return;
    this.#isDead = true;
    this.#world.trace.add(this.name, `dies ${where}`);
    this.#onDeath();
  }
}
