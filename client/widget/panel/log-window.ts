/**
 * Which part of the timeline is drawn: its last items, or what the reader has gone back to. So the
 * page carries as much of a chat of 10,000 messages as of one of 150. Pure.
 */
import type { TimelineItem } from '#client/sdk/index';

/** So many items are drawn at first, and one step back or on. */
export const STEP = 50;
const MOST = 150;

export class LogWindow {
  /** Key of the first item that is drawn; undefined: the last ones are, whatever comes. */
  #first: string | undefined;
  #start = 0;
  #reachesEnd = true;

  /** So many items come before those that are drawn. */
  get start(): number {
    return this.#start;
  }

  /** The last item is drawn. */
  get reachesEnd(): boolean {
    return this.#reachesEnd;
  }

  /** @returns what is drawn of it. */
  of(timeline: readonly TimelineItem[]): readonly TimelineItem[] {
    const found =
      this.#first === undefined
        ? Math.max(0, timeline.length - STEP)
        : timeline.findIndex(({ key }) => key === this.#first);
    // One that is gone leaves its place to the next one.
    if (found >= 0) this.#start = found;
    this.#reachesEnd = this.#start + MOST >= timeline.length;
    return timeline.slice(this.#start, this.#start + MOST);
  }

  /** From now on what is drawn begins so many items later, and stays where it is. */
  move(timeline: readonly TimelineItem[], by: number): void {
    this.of(timeline);
    this.#start = Math.max(0, Math.min(this.#start + by, timeline.length - STEP));
    this.#first = timeline[this.#start]?.key;
  }

  /** From now on the last items are drawn. */
  follow(): void {
    this.#first = undefined;
    this.#reachesEnd = true;
  }
}
