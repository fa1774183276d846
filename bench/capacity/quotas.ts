import path from 'node:path';
import * as v from 'valibot';
import { readChecked } from '../measure/read-checked.ts';

const amount = v.pipe(v.number(), v.gtValue(0));

const QuotasSchema = v.strictObject({
  /** When somebody last compared them with the published defaults. */
  asOf: v.pipe(v.string(), v.isoDate()),
  account: v.strictObject({
    /** Of all APIs of account and region together, pushes to connections among them. */
    apiRequestsPerSecond: amount,
    newConnectionsPerSecond: amount,
    functionConcurrency: amount,
  }),
  /** As `operations` of the configuration says. */
  stage: v.strictObject({
    socketFramesPerSecond: amount,
    webhooksPerSecond: amount,
    workerBatches: amount,
  }),
  twilio: v.strictObject({ conversationsPerSecond: amount, interactionsPerSecond: amount }),
});

export type Quotas = v.InferOutput<typeof QuotasSchema>;

const DEFAULT_FILE = path.join(import.meta.dirname, 'quotas.json');

/** @throws Error that names what is missing or wrong in the file. */
export const readQuotas = (file = DEFAULT_FILE): Quotas => readChecked(QuotasSchema, file);
