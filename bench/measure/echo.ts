import { setTimeout as delay } from 'node:timers/promises';
import type { AgentDesk } from '../load/agent-desk.ts';
import { Customer } from '../load/customer.ts';
import type { Figure } from './figure.ts';
import { untilPushed } from './push.ts';
import { percentile, rounded } from './statistics.ts';

const WARM_UP = 50;
const MESSAGES = 300;
/** A session may send 100 messages a second at most. */
const PAUSE_MS = 15;

/** From a customer's words to their echo, one after another, once all functions are warm. */
export async function measureEcho(socketUrl: string, desk: AgentDesk): Promise<Figure[]> {
  const customer = new Customer(socketUrl, 'Echo');
  await customer.connect();
  const times: number[] = [];
  for (let i = 0; i < WARM_UP + MESSAGES; i += 1) {
    const pushed = untilPushed(customer, `said ${i}`);
    const startedAt = performance.now();
    await customer.say(`m${i}`, `said ${i}`);
    await pushed;
    times.push(performance.now() - startedAt);
    await delay(PAUSE_MS);
  }
  await desk.complete(await desk.taskOf('Echo'));
  await customer.close();
  const warm = times.slice(WARM_UP);
  const figure = (name: string, share: number, atMost: number): Figure => ({
    name,
    value: rounded(percentile(warm, share)),
    unit: 'ms',
    atMost,
  });
  return [figure('echo p50', 0.5, 50), figure('echo p95', 0.95, 120)];
}
