/** What has been started, to be stopped in reverse: a part may rely on those before it until it ends. */
export class RunningParts {
  readonly #stops: (() => Promise<void> | void)[] = [];

  /** @param stop ends the part that has just been started. */
  add(stop: () => Promise<void> | void): void {
    this.#stops.push(stop);
  }

  /** Stops every part, even when one fails; then throws the first failure. Harmless when repeated. */
  async stop(): Promise<void> {
    const failures: unknown[] = [];
    for (let stop = this.#stops.pop(); stop !== undefined; stop = this.#stops.pop()) {
      try {
        await stop();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
