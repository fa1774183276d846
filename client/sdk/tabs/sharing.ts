import { changeBetween, continues } from '../model/model-change.ts';
import type { Timers } from '../platform/environment.ts';
import { TimerGroup } from '../platform/timer-group.ts';
import type { Shared, TabMessage } from './tab-message.ts';

/** Every tab asks the one that leads more often than that. */
const FORGOTTEN_AFTER_MS = 10_000;

/** Tells the other tabs what the one that leads knows: what has changed, and everything to those that join. */
export class Sharing {
  readonly #post: (message: TabMessage) => void;
  /** Runs while there are tabs of an earlier version, which are told everything each time. */
  readonly #earlierTabs: TimerGroup;
  #told: Shared | undefined;
  #n = 0;

  constructor(timers: Timers, post: (message: TabMessage) => void) {
    this.#earlierTabs = new TimerGroup(timers);
    this.#post = post;
  }

  /** Another tab has asked what there is. */
  asked({ joins, takesChanges }: Extract<TabMessage, { type: 'ask' }>, shared: Shared): void {
    if (!takesChanges) this.#earlierTabs.restart(FORGOTTEN_AFTER_MS, () => {});
    if (joins) this.share(shared, true);
  }

  /** @param isWhole somebody knows nothing yet. */
  share(shared: Shared, isWhole = false): void {
    const told = this.#told;
    const { model, ...rest } = shared;
    const isKnown = told !== undefined && continues(told.model, model);
    this.#told = shared;
    this.#n += 1;
    const n = this.#n;
    if (isKnown) {
      this.#post({ type: 'changed', n, change: changeBetween(told.model, model), rest });
    }
    if (isWhole || !isKnown || !this.#earlierTabs.isEmpty)
      this.#post({ type: 'shared', n, shared });
  }
}
