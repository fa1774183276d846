/** What happened, line by line: virtual time, who, what. */
export class Trace {
  readonly #nowMs: () => number;
  readonly #startMs: number;
  readonly #lines: string[] = [];

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  add(actor: string, event: string): void {
    const seconds = ((this.#nowMs() - this.#startMs) / 1_000).toFixed(3).padStart(9);
    this.#lines.push(`${seconds} ${actor.padEnd(12)} ${event}`);
  }

  /** FNV-1a over all lines: equal traces have equal hashes. */
  hash(): string {
    // Jest looks globals up slowly.
    const { imul } = Math;
    let hash = 0x811c_9dc5;
    for (const line of this.#lines) {
      for (let at = 0; at < line.length; at += 1) {
        hash = imul(hash ^ line.charCodeAt(at), 0x0100_0193);
      }
    }
    return (hash >>> 0).toString(16).padStart(8, '0');
  }
}
