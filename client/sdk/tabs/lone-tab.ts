import type { TabMessage } from './tab-message.ts';

/** How a tab takes part in a session that several may share. */
export interface Membership {
  readonly leads: boolean;
  /** Not taking part: before `join`, after `leave`. */
  readonly isDetached: boolean;
  join(): void;
  leave(): void;
  /** This tab has found out that it was deposed. */
  stepDown(): void;
  /** Reaches all other tabs, if there are any. */
  post(message: TabMessage): void;
}

export interface MembershipHandlers {
  /** This tab leads from now on. */
  readonly onLead: () => void;
  /** It does not any more. */
  readonly onFollow: () => void;
  /** Another tab has begun to lead, perhaps once more. */
  readonly onLeader: () => void;
  /** Said by the leader to the others, by one of those to this leader, or by any tab to all. */
  readonly onMessage: (message: TabMessage) => void;
}

/** A tab that knows of no others leads whenever it takes part. */
export class LoneTab implements Membership {
  readonly #handlers: MembershipHandlers;
  #leads = false;

  constructor(handlers: MembershipHandlers) {
    this.#handlers = handlers;
  }

  get leads(): boolean {
    return this.#leads;
  }

  get isDetached(): boolean {
    return !this.#leads;
  }

  join(): void {
    if (this.#leads) return;
    this.#leads = true;
    this.#handlers.onLead();
  }

  leave(): void {
    if (!this.#leads) return;
    this.#leads = false;
    this.#handlers.onFollow();
  }

  stepDown(): void {}
  post(): void {}
}
