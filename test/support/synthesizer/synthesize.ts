import { type SynthesisOptions, synthesize as synthesizeAnew } from '#local/stack/synthesize';
import type { Order } from './server.ts';

/** The variable that tells tests, and processes that they start, where the synthesizer is. */
export const SYNTHESIZER = 'FLEX_CHANNEL_SYNTHESIZER';

/** As the local stack does it itself, in a twentieth of the time. */
export async function synthesize(options: SynthesisOptions): Promise<void> {
  const { config, outDirectory, signal = null } = options;
  const order: Order = { context: { config, stage: 'local' }, outDirectory };
  const url = process.env[SYNTHESIZER] ?? '';
  const { ok } = await fetch(url, { method: 'POST', body: JSON.stringify(order), signal });
  // It does not say what is wrong.
  if (!ok) await synthesizeAnew(options);
}
