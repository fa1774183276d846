/** Where the reader is in the log: at its end, where new messages are seen as they come, or above it. */

/** So close to the end the reader counts as being there. */
const AT_END_PX = 48;

export class LogScroll {
  readonly #log: () => HTMLElement | null;
  #isAtEnd = true;
  #below = 0;

  /** @param log absent while nothing of it is drawn. */
  constructor(log: () => HTMLElement | null) {
    this.#log = log;
  }

  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /** So many messages have come below what the reader looks at. */
  get below(): number {
    return this.#isAtEnd ? 0 : this.#below;
  }

  /** A message has come. */
  count(): void {
    this.#below++;
  }

  /** Keeps the end in sight while the reader is there. */
  follow(): void {
    if (this.#isAtEnd) this.toEnd();
  }

  toEnd(): void {
    this.#isAtEnd = true;
    const log = this.#log();
    if (log) log.scrollTop = log.scrollHeight;
  }

  /** @returns whether the reader has come to the end or left it. */
  scrolled(): boolean {
    const log = this.#log();
    if (!log) return false;
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < AT_END_PX;
    if (isAtEnd === this.#isAtEnd) return false;
    this.#isAtEnd = isAtEnd;
    this.#below = 0;
    return true;
  }

  /** Leaves in sight what is in sight, while more is drawn above it. */
  keep(draw: () => void): void {
    const log = this.#log();
    const before = log?.scrollHeight ?? 0;
    draw();
    if (log) log.scrollTop += log.scrollHeight - before;
  }
}
