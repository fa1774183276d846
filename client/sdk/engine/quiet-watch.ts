import type { ChatModel } from '../model/chat-model.ts';
import { isUnconfirmed } from '../model/outbox.ts';
import type { Timers } from '../platform/environment.ts';
import { TimerGroup } from '../platform/timer-group.ts';

/**
 * An event may be lost without a trace: when a chat stays quiet for so long, the client asks whether it missed something.
 * The first step is left out while the agent has had the last word, unless events were lost before.
 */
const QUIET_STEPS_MS = [30_000, 120_000, 300_000] as const;

/** When nobody has looked at any tab for so long, nobody misses anything, and the client stops asking. */
const UNSEEN_AFTER_MS = 30 * 60_000;

interface QuietHandlers {
  readonly model: () => ChatModel;
  /** Reads what may have been missed. */
  readonly check: () => void;
  /** Messages were accepted minutes ago, and nothing was heard of them: perhaps no event gets through. */
  readonly resend: () => void;
  readonly isVisible: () => boolean;
}

/** Runs while there is a connection. */
export class QuietWatch {
  readonly #handlers: QuietHandlers;
  readonly #quiet: TimerGroup;
  readonly #unseen: TimerGroup;
  #isUnseen = false;
  #isSuspect = false;

  constructor(timers: Timers, handlers: QuietHandlers) {
    this.#handlers = handlers;
    this.#quiet = new TimerGroup(timers);
    this.#unseen = new TimerGroup(timers);
  }

  /** Something was heard from the server. */
  heard(): void {
    const { outbox, transcript, typing } = this.#handlers.model();
    const [last] = transcript.slice(-1);
    const isAnswered = last?.author.role === 'agent' && !typing && outbox.length === 0;
    this.#wait(isAnswered && !this.#isSuspect ? 1 : 0);
  }

  /** An event was lost: the next one may be, too. */
  suspect(): void {
    this.#isSuspect = true;
  }

  /** Somebody looks at a tab. */
  seen(): void {
    this.#unseen.restart(UNSEEN_AFTER_MS, () => {
      if (this.#handlers.isVisible()) this.seen();
      else this.#isUnseen = true;
    });
    if (!this.#isUnseen) return;
    this.#isUnseen = false;
    if (!this.#quiet.isEmpty) this.#check(0);
  }

  stop(): void {
    this.#quiet.cancel();
    this.#unseen.cancel();
  }

  #wait(step: number): void {
    const last = QUIET_STEPS_MS.length - 1;
    const delayMs = QUIET_STEPS_MS[Math.min(step, last)] ?? 0;
    this.#quiet.restart(delayMs, () => this.#check(step));
  }

  #check(step: number): void {
    const { model, check, resend } = this.#handlers;
    const { chat, outbox } = model();
    // After its end nothing is said in a chat; before its beginning only what was sent comes back.
    const mayMissSomething = chat?.state === 'open' || outbox.some(isUnconfirmed);
    if (mayMissSomething && !this.#isUnseen) {
      if (step > 1 && outbox.some(isUnconfirmed)) resend();
      check();
    }
    this.#wait(step + 1);
  }
}
