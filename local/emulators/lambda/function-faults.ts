import * as v from 'valibot';
import { count, faultPlan, fields, milliseconds } from '../fault-plan.ts';
import { ACCOUNT_CONCURRENCY } from './concurrency.ts';

const target = {
  /** Part of a function's name, with or without hyphens: `deliver-to-flex`. Absent: any function. */
  function: v.optional(v.pipe(v.string(), v.nonEmpty('expected the name of a function'))),
  /** How many invocations are struck. */
  count,
};

const CrashSchema = v.pipe(
  fields({
    ...target,
    /** Before the handler sees the event, which is the default, or once it has done its work. */
    when: v.optional(v.picklist(['before', 'after'], 'expected before or after')),
    /** In the middle: once this many calls to AWS and Twilio have been carried out. */
    afterCalls: v.optional(count),
  }),
  v.forward(
    v.check(
      ({ when, afterCalls }) => when === undefined || afterCalls === undefined,
      'expected without when',
    ),
    ['afterCalls'],
  ),
);

const PlanSchema = fields({
  /** Ends the thread, as when Lambda loses a machine. */
  crash: v.optional(CrashSchema),
  /** Holds the handler back; its time-out goes on. */
  slow: v.optional(fields({ ...target, ms: milliseconds })),
  /** Gives the invocation a new copy of the function, as after a quiet time or beside a busy one. */
  cold: v.optional(fields(target)),
  /** How many runs the account may have at once, of all functions together. @default 1000 */
  accountConcurrency: v.optional(v.pipe(count, v.minValue(1))),
  /** Refuses to invoke. */
  throttle: v.optional(fields(target)),
});

type Plan = v.InferOutput<typeof PlanSchema>;
type TargetedKind = Exclude<keyof Plan, 'accountConcurrency'>;

/** What is to happen to one invocation. */
export interface InvocationFault {
  readonly isThrottled?: boolean;
  readonly isCold?: boolean;
  readonly slowMs?: number;
  /** Ends the thread at the end, or after so many calls. */
  readonly crash?: 'after' | { readonly afterCalls: number };
}

/** Faults of functions to come. Off until set. */
export class FunctionFaults {
  readonly #names: readonly string[];
  readonly #reserved: number;
  #plan: Plan = {};
  #left = { crash: 0, cold: 0, slow: 0, throttle: 0 };

  /**
   * @param names of all functions.
   * @param reserved runs that some of them have for themselves.
   */
  constructor(names: readonly string[], reserved = 0) {
    this.#names = names;
    this.#reserved = reserved;
  }

  get accountConcurrency(): number {
    return this.#plan.accountConcurrency ?? ACCOUNT_CONCURRENCY;
  }

  /**
   * Checks a plan; without one there are no faults.
   * @returns puts it into effect instead of all earlier ones.
   * @throws Error naming the field.
   */
  prepare(plan: unknown = {}): () => void {
    const parsed = faultPlan(PlanSchema, plan, 'lambda');
    const { accountConcurrency = ACCOUNT_CONCURRENCY, ...targeted } = parsed;
    if (accountConcurrency <= this.#reserved) {
      throw new Error(`lambda.accountConcurrency: the functions reserve ${this.#reserved}`);
    }
    for (const [kind, fault] of Object.entries(targeted)) {
      if (!fault || this.#names.some((name) => isMeant(fault, name))) continue;
      throw new Error(`lambda.${kind}.function: there is no function ${fault.function}`);
    }
    return () => {
      this.#plan = parsed;
      this.#left = {
        crash: parsed.crash?.count ?? 0,
        cold: parsed.cold?.count ?? 0,
        slow: parsed.slow?.count ?? 0,
        throttle: parsed.throttle?.count ?? 0,
      };
    };
  }

  /** @returns what strikes the next invocation of this function. */
  take(name: string): InvocationFault {
    if (this.#takeOne('throttle', name)) return { isThrottled: true };
    const slow = this.#takeOne('slow', name);
    const crash = this.#takeOne('crash', name);
    const cold = this.#takeOne('cold', name);
    return {
      ...(cold && { isCold: true }),
      ...(slow && { slowMs: slow.ms }),
      ...(crash && {
        crash: crash.when === 'after' ? 'after' : { afterCalls: crash.afterCalls ?? 0 },
      }),
    };
  }

  #takeOne<Kind extends TargetedKind>(kind: Kind, name: string): Plan[Kind] {
    const fault = this.#plan[kind];
    if (fault === undefined || this.#left[kind] === 0 || !isMeant(fault, name)) return undefined;
    this.#left[kind] -= 1;
    return fault;
  }
}

function isMeant(fault: { readonly function?: string | undefined }, name: string): boolean {
  return fault.function === undefined || bare(name).includes(bare(fault.function));
}

const bare = (name: string): string => name.replaceAll('-', '').toLowerCase();
