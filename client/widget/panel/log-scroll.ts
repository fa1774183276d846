/** Where the reader is in the log: at its end, where new messages are seen as they come, or above it. */
import type { LogWindow } from './log-window.ts';

/** So close to the end the reader counts as being there. */
const AT_END_PX = 48;

export class LogScroll {
  readonly #log: () => HTMLElement | null;
  readonly #window: LogWindow;
  #isAtEnd = true;
  #below = 0;

  /** @param log absent while nothing of it is drawn. */
  constructor(log: () => HTMLElement | null, window: LogWindow) {
    this.#log = log;
    this.#window = window;
  }

  get isAtEnd(): boolean {
    return this.#isAtEnd && this.#window.reachesEnd;
  }

  /** So many messages have come below what the reader looks at. */
  get below(): number {
    return this.isAtEnd ? 0 : this.#below;
  }

  /** A message has come. */
  count(): void {
    this.#below++;
  }

  /** Keeps the end in sight while the reader is there. */
  follow(): void {
    if (this.isAtEnd) this.toEnd();
  }

  toEnd(): void {
    this.#isAtEnd = true;
    const log = this.#log();
    if (log) log.scrollTop = log.scrollHeight;
  }

  /** Below what is in sight nothing else is drawn. */
  get isAtBottom(): boolean {
    const log = this.#log();
    return log !== null && log.scrollHeight - log.scrollTop - log.clientHeight < AT_END_PX;
  }

  /** @returns whether the reader has come to the end or left it. */
  scrolled(): boolean {
    const isAtEnd = this.isAtBottom && this.#window.reachesEnd;
    if (isAtEnd === this.#isAtEnd) return false;
    this.#isAtEnd = isAtEnd;
    this.#below = 0;
    return true;
  }

  /** Leaves in sight what is in sight, while more or less is drawn above it. */
  keep(draw: () => void): void {
    const log = this.#log();
    const top = log?.getBoundingClientRect().top ?? 0;
    const bubbles = [...(log?.querySelectorAll('.bubble') ?? [])];
    const bottomOf = (bubble: Element | undefined) => bubble?.getBoundingClientRect().bottom ?? 0;
    const inSight = bubbles.find((bubble) => bottomOf(bubble) > top);
    const before = bottomOf(inSight);
    draw();
    if (log && inSight?.isConnected) log.scrollTop += bottomOf(inSight) - before;
  }
}
