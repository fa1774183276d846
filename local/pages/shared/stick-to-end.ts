/** So close to the end the reader counts as being there. */
const AT_END_PX = 48;

/** Keeps a log scrolled to its end, unless the reader has scrolled up. */
export class StickToEnd {
  readonly #log: HTMLElement;
  #isAtEnd = true;

  constructor(log: HTMLElement) {
    this.#log = log;
    // Without focus a keyboard can't scroll it.
    log.tabIndex = 0;
    log.addEventListener('scroll', () => this.#look(), { passive: true });
    new ResizeObserver(() => this.#isAtEnd && this.toEnd()).observe(log);
  }

  /** Call it after something was added. */
  grown(): void {
    if (this.#isAtEnd) this.toEnd();
  }

  toEnd(): void {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#look();
  }

  #look(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < AT_END_PX;
  }
}
