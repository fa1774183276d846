import * as v from 'valibot';
import { count, faultPlan, fields, milliseconds, rangeMs } from '#local/emulators/fault-plan';
import { UnconfirmedSchema } from './unconfirmed.ts';

const probability = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const DeliverySchema = fields({
  drop: v.optional(probability),
  duplicate: v.optional(probability),
  delayMs: v.optional(rangeMs),
});

/** What `PUT /faults` takes. Every part may be left out. */
const FaultSettingsSchema = fields({
  seed: v.optional(v.pipe(v.number(), v.integer())),
  /** The next `count` REST requests are refused; `retryAfter`: in seconds, as the header of that name. */
  rest: v.optional(
    fields({
      status: v.picklist([429, 500, 503], 'expected 429, 500 or 503'),
      count,
      retryAfter: v.optional(count),
    }),
  ),
  /** The next `count` successful writes happen, but their connection is cut before the answer. */
  restAfterCommit: v.optional(fields({ count })),
  latencyMs: v.optional(milliseconds),
  webhook: v.optional(DeliverySchema),
  /**
   * The next `count` tasks are promised and never made. `isTold`: an interaction's webhook says so,
   * as Flex does; otherwise nobody hears of it.
   */
  routing: v.optional(fields({ count, isTold: v.optional(v.boolean()) })),
  /** From now on a message names its author by their participant's SID, as has been seen of some channels. */
  authors: v.optional(v.literal('participant')),
  unconfirmed: v.optional(UnconfirmedSchema),
  /** Of Event Streams: what is dropped here is never told, as if Twilio had given it up. */
  events: v.optional(DeliverySchema),
});

export type FaultSettings = v.InferOutput<typeof FaultSettingsSchema>;

/** @throws Error naming the field at fault. */
export function parseFaultSettings(value: unknown): FaultSettings {
  return faultPlan(FaultSettingsSchema, value);
}
