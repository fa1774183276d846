import type { FileLetter } from '#core/ports';
import type { DeliveryPolicy, DeliveryPorts } from './attempt-message.ts';
import { type Delivery, deliverMessage } from './deliver-message.ts';

/**
 * Brings a customer's file to Flex as a message, as `deliverMessage` does with words, and removes our
 * copy then. One that can't be removed goes with the day.
 */
export async function deliverFile(
  ports: DeliveryPorts,
  policy: DeliveryPolicy,
  letter: FileLetter,
  nowMs: number,
  options: { readonly isAgain: boolean },
): Promise<Delivery> {
  const delivery = await deliverMessage(ports, policy, letter, nowMs, options);
  await ports.files?.remove(letter).catch(() => {});
  return delivery;
}
