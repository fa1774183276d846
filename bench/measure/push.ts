import type { Customer } from '../load/customer.ts';

const PATIENCE_MS = 15_000;

/**
 * Resolves once a message with this text is pushed to a customer who waits for nothing else.
 * @throws Error when it does not come.
 */
export function untilPushed(customer: Customer, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const { rejected, refusals } = customer;
      reject(new Error(`"${body}" was not pushed: ${JSON.stringify({ rejected, refusals })}`));
    }, PATIENCE_MS);
    customer.onMessage = (message) => {
      if (message.body !== body) return;
      clearTimeout(timer);
      resolve();
    };
  });
}
