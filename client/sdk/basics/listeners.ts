import { insist } from './errors.ts';

/** Who listens to which event of type `Events` (name to detail). */
export class Listeners<Events> {
  readonly #byName: ReadonlyMap<keyof Events, Set<(detail: never) => void>>;

  /** @param names of all events that there are. */
  constructor(names: readonly (keyof Events)[]) {
    this.#byName = new Map(names.map((name) => [name, new Set()]));
  }

  /**
   * @returns a function that ends the subscription.
   * @throws ChatClientError for a name that no event has.
   */
  on<Name extends keyof Events>(name: Name, listener: (detail: Events[Name]) => void): () => void {
    const listeners = this.#byName.get(name);
    insist(
      listeners && typeof listener === 'function',
      `on: no event ${String(name)}, or no function`,
    );
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /**
   * What a listener throws is told to the page or process as uncaught; here it stops nothing.
   * @returns whether somebody listens.
   */
  emit<Name extends keyof Events>(name: Name, detail: Events[Name]): boolean {
    const listeners = this.#byName.get(name) ?? new Set();
    for (const listener of listeners) {
      try {
        (listener as (detail: Events[Name]) => void)(detail);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
    return listeners.size > 0;
  }
}
