/** Who listens to which event of type `Events` (name to detail). */
export class Listeners<Events> {
  readonly #byName = new Map<keyof Events, Set<(detail: never) => void>>();

  /** @returns a function that ends the subscription. */
  on<Name extends keyof Events>(name: Name, listener: (detail: Events[Name]) => void): () => void {
    const listeners = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /** What a listener throws is told to the page or process as uncaught; here it stops nothing. */
  emit<Name extends keyof Events>(name: Name, detail: Events[Name]): void {
    for (const listener of this.#byName.get(name) ?? []) {
      try {
        (listener as (detail: Events[Name]) => void)(detail);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
