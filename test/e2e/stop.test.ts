import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startStackProcess } from '#test/support/stack-process';
import { Customer } from '../../bench/load/customer.ts';

const STOPS = 2;
const CUSTOMERS = 4;

const directory = mkdtempSync(path.join(tmpdir(), 'stop-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Customers who write without a pause, until the server is gone. */
async function startTalking(socketUrl: string, untilAccepted: number) {
  const customers = Array.from(
    { length: CUSTOMERS },
    (_, number) => new Customer(socketUrl, `c${number}`),
  );
  await Promise.all(customers.map((customer) => customer.connect()));
  let accepted = 0;
  const { promise: busy, resolve } = Promise.withResolvers<void>();
  const talk = async (customer: Customer): Promise<void> => {
    for (let n = 0; ; n += 1) {
      await customer.say(`m${n}`, `word ${n}`);
      accepted += 1;
      if (accepted === untilAccepted) resolve();
    }
  };
  const talking = customers.map((customer) => talk(customer).catch(() => {}));
  await busy;
  return async () => {
    await Promise.all(customers.map((customer) => customer.close()));
    await Promise.all(talking);
  };
}

describe('the local stack with --data', () => {
  test('ends well each time it is stopped under load, and starts again', async () => {
    for (let run = 0; run < STOPS; run += 1) {
      const stack = await startStackProcess(directory);
      const hangUp = await startTalking(stack.outputs.CustomerSocketUrl, CUSTOMERS * 3 + run * 7);

      const { code, said } = await stack.stop();
      await hangUp();

      expect(said).toMatch(/\nStopped\.\n$/);
      expect(said).not.toMatch(/not open|is closed|uncaught|unhandled|\n {4}at /i);
      expect(code).toBe(0);
      expect(existsSync(path.join(directory, 'data', 'lock.json'))).toBe(false);
    }
  }, 300_000);
});
