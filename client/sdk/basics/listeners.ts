import { insist } from './errors.ts';

type Listener = (detail: never) => void;

/** Who listens to which event of type `Events` (name to detail). */
export class Listeners<Events> {
  /** Each subscription is an object of its own: the same function may listen twice. */
  readonly #byName: ReadonlyMap<keyof Events, Set<{ readonly listener: Listener }>>;

  /** @param names of all events that there are. */
  constructor(names: readonly (keyof Events)[]) {
    this.#byName = new Map(names.map((name) => [name, new Set()]));
  }

  /**
   * @returns a function that ends the subscription.
   * @throws ChatClientError for a name that no event has.
   */
  on<Name extends keyof Events>(name: Name, listener: (detail: Events[Name]) => void): () => void {
    const subscriptions = this.#byName.get(name);
    insist(
      subscriptions && typeof listener === 'function',
      `on: no event ${String(name)}, or no function`,
    );
    const subscription = { listener };
    subscriptions.add(subscription);
    return () => void subscriptions.delete(subscription);
  }

  /**
   * What a listener throws is told to the page or process as uncaught; here it stops nothing.
   * @returns whether somebody listens.
   */
  emit<Name extends keyof Events>(name: Name, detail: Events[Name]): boolean {
    const subscriptions = this.#byName.get(name) ?? new Set();
    for (const { listener } of subscriptions) {
      try {
        (listener as (detail: Events[Name]) => void)(detail);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
    return subscriptions.size > 0;
  }
}
