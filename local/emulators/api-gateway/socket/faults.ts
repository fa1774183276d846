import * as v from 'valibot';
import { faultPlan, fields, rangeMs } from '#local/emulators/fault-plan';

const count = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)));

const FaultPlanSchema = fields({
  /** Customers have no network: open connections are lost without a word, and no new one comes through. */
  cut: v.optional(v.boolean()),
  /** Refuses handshakes with this status. */
  connect: v.optional(
    fields({
      status: v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599)),
      count,
    }),
  ),
  /** Answers posts to `@connections` wrongly. */
  post: v.optional(
    fields({
      answer: v.picklist(['gone', 'throttled', 'error', 'hang', 'gone-but-delivered']),
      count,
    }),
  ),
  /** Holds each message back for a random time before its function is invoked, which shuffles them. */
  messageDelayMs: v.optional(rangeMs),
  /** Loses `$disconnect`, delays it, or lets the next `$connect` overtake it. */
  disconnect: v.optional(
    v.union([v.picklist(['drop', 'after-next-connect']), fields({ delayMs: rangeMs })]),
  ),
});

/** What is to go wrong, as JSON. A `count` says how many times; without it, until the plan changes. */
export type FaultPlan = v.InferOutput<typeof FaultPlanSchema>;
export type PostFault = NonNullable<FaultPlan['post']>['answer'];

/** The test switches of a WebSocket API. */
export class Faults {
  /** Told when the network is cut. */
  onCut: () => void = () => {};
  #plan: FaultPlan = {};
  #connectsLeft = 0;
  #postsLeft = 0;

  /** Replaces the whole plan; `{}` ends all faults. @throws Error as `prepare`; the old plan then stays. */
  set(plan: unknown): void {
    this.prepare(plan)();
  }

  /**
   * Checks a plan; without one there are no faults.
   * @returns puts it into effect.
   * @throws Error naming the field that is unknown or out of range.
   */
  prepare(plan: unknown = {}): () => void {
    const parsed = faultPlan(FaultPlanSchema, plan, 'connections');
    return () => {
      this.#plan = parsed;
      this.#connectsLeft = parsed.connect?.count ?? Number.POSITIVE_INFINITY;
      this.#postsLeft = parsed.post?.count ?? Number.POSITIVE_INFINITY;
      if (parsed.cut) this.onCut();
    };
  }

  get plan(): FaultPlan {
    return this.#plan;
  }

  /** @returns the status to refuse this handshake with. */
  takeConnect(): number | undefined {
    if (!this.#plan.connect || this.#connectsLeft === 0) return undefined;
    this.#connectsLeft -= 1;
    return this.#plan.connect.status;
  }

  /** @returns what to do wrong with this post. */
  takePost(): PostFault | undefined {
    if (!this.#plan.post || this.#postsLeft === 0) return undefined;
    this.#postsLeft -= 1;
    return this.#plan.post.answer;
  }
}
