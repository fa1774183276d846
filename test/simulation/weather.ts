import type { Random } from './random.ts';

/**
 * What can go wrong, and how often at most. A rate is per occasion: per port call, per frame,
 * per push, per webhook, or per act of a customer or agent.
 */
const HIGHEST_RATES = {
  /** A function dies before or after one of its calls took effect. */
  crash: 0.03,
  storeSlow: 0.05,
  /** Twilio: refused for now, busy, done but the answer lost, done after we hung up or were cut off. */
  restFails: 0.1,
  restBusy: 0.1,
  restAnswerLost: 0.1,
  restLate: 0.05,
  restCutOff: 0.05,
  restSlow: 0.1,
  webhookDropped: 0.25,
  webhookDoubled: 0.25,
  webhookSlow: 0.3,
  pushFails: 0.15,
  pushAnswersGone: 0.05,
  pushSlow: 0.2,
  replyLost: 0.03,
  frameSlow: 0.2,
  handshakeFails: 0.2,
  /** The connection ends; both sides learn of it, or one, or none. */
  cut: 0.04,
  disconnectLate: 0.5,
  disconnectNever: 0.4,
  /** A batch was worked through, and is delivered again all the same. */
  deleteLost: 0.1,
  /** An operator puts a dead-lettered letter back into the queue, minutes later. */
  redriven: 0.5,
  sessionExpires: 0.06,
  /** The chat ends in Flex right before or after a call about it. */
  endsNow: 0.02,
  /** The chat ends without any webhook. */
  endsUnseen: 0.1,
  /** Flex promises a task that it never makes. */
  routingFails: 0.2,
  /** No agent accepts in time, and the workflow cancels the task; or somebody deletes it. */
  taskTimesOut: 0.2,
  taskDeleted: 0.1,
  /** The agent is gone: its task is completed, and the conversation stays as it is. */
  agentVanishes: 0.1,
  /** By a retention rule or by hand. */
  conversationDeleted: 0.05,
  /** Event Streams deliver at least once, in no order, if they deliver at all. */
  taskEventLost: 0.3,
  taskEventDoubled: 0.3,
  reload: 0.05,
  tabCrash: 0.04,
  anotherTab: 0.08,
  offline: 0.05,
  sleep: 0.04,
  freeze: 0.04,
  storageForbidden: 0.03,
  storageFull: 0.03,
  /** Storage, broadcasts and locks at once, from some time on; or, per browser, always. */
  sharingForbidden: 0.02,
  sharingNeverAllowed: 0.3,
  /** Per tab: its wall clock is seconds to years wrong, or is set. */
  clockWrong: 0.5,
  clockSet: 0.03,
  /** A page is put into the back-forward cache, and comes back. */
  pageCached: 0.03,
} as const;

export type Fault = keyof typeof HIGHEST_RATES;

export const FAULTS = Object.keys(HIGHEST_RATES) as readonly Fault[];

/** Each seed has its own weather: some faults never, some often. That finds more than a little of everything. */
export class Weather {
  readonly #random: Random;
  readonly #onStrike: (fault: Fault) => void;
  readonly #rates = new Map<Fault, number>();
  #isCalm = false;

  constructor(
    random: Random,
    onStrike: (fault: Fault) => void,
    without: ReadonlySet<Fault> = new Set(),
  ) {
    this.#random = random;
    this.#onStrike = onStrike;
    const severity = random.pick([0.1, 0.5, 1, 1]) ?? 1;
    for (const [fault, highest] of Object.entries(HIGHEST_RATES) as [Fault, number][]) {
      const rate = random.chance(0.5) ? 0 : highest * severity * random.next();
      this.#rates.set(fault, without.has(fault) ? 0 : rate);
    }
  }

  /** From now on nothing goes wrong any more. */
  calmDown(): void {
    this.#isCalm = true;
  }

  strikes(fault: Fault): boolean {
    const rate = this.#rates.get(fault) ?? 0;
    const strikes = !this.#isCalm && rate > 0 && this.#random.chance(rate);
    if (strikes) this.#onStrike(fault);
    return strikes;
  }
}
