import path from 'node:path';
import * as v from 'valibot';
import { readChecked } from '../measure/read-checked.ts';

const amount = v.pipe(v.number(), v.minValue(0));

const PricesSchema = v.strictObject({
  region: v.string(),
  /** When somebody last compared it with the published ones. */
  asOf: v.pipe(v.string(), v.isoDate()),
  source: v.string(),
  perMillion: v.strictObject({
    socketMessage: amount,
    connectionMinute: amount,
    restRequest: amount,
    httpRequest: amount,
    functionUrlRequest: amount,
    invocation: amount,
    queueRequest: amount,
    tableRead: amount,
    tableWrite: amount,
  }),
  functionGbSecond: amount,
  logGb: amount,
  /** What CloudWatch adds to each line before it counts bytes. */
  logLineOverheadBytes: amount,
  /** How much longer a call takes than the emulators' answer: functions are paid while they wait. */
  latencyMs: v.strictObject({ table: amount, queue: amount, push: amount, twilio: amount }),
});

/** Dollars. */
export type Prices = v.InferOutput<typeof PricesSchema>;

const DEFAULT_FILE = path.join(import.meta.dirname, 'prices.json');

/** @throws Error that names what is missing or wrong in the file. */
export const readPrices = (file = DEFAULT_FILE): Prices => readChecked(PricesSchema, file);
