import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAgentDesk, until } from '#test/support/agent-desk';
import { connectClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';

/** As many batches at once as the configuration allows by default. */
const BATCHES = 5;

/** Holds the worker's runs, as a Twilio that takes its time. */
let held = Promise.withResolvers<void>();
held.resolve();

const stack = useLocalStack({
  config: aConfiguration(),
  redeliveryMs: 20,
  beforeInvoke: async (name) => {
    if (name.includes('DeliverToFlex')) await held.promise;
  },
});

function aConfiguration(): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'small-account-')), 'local.json');
  const local = JSON.parse(readFileSync('config/local.json', 'utf8'));
  const operations = { ...local.operations, maxConcurrency: BATCHES };
  writeFileSync(file, JSON.stringify({ ...local, operations }));
  return file;
}

const batches = () => Math.max(...stack().mappings.all.map(({ inProgress }) => inProgress));

describe('an account with few concurrent runs, all of whose batches wait for Twilio', () => {
  test('refuses customers while nothing is left, lets them in by the default, and loses no letter', async () => {
    const desk = createAgentDesk(stack().outputs.TwilioUrl);
    const connect = () => connectClient(stack().outputs.CustomerSocketUrl);
    const customers = [];
    for (let n = 0; n < BATCHES; n += 1) {
      const client = await connect();
      await client.ask({ action: 'hello', profile: { name: `Customer ${n}` } });
      customers.push(client);
    }

    held = Promise.withResolvers();
    for (const [n, client] of customers.entries()) {
      await client.ask({ action: 'sendMessage', id: 'm1', body: `hello from ${n}` });
      await until('batch', async () => batches() === n + 1);
    }
    await desk.faults({ lambda: { accountConcurrency: BATCHES } });
    await expect(connect()).rejects.toThrow('the handshake was refused');
    await desk.faults({ lambda: { accountConcurrency: 10 } });
    const late = await connect();
    const running = batches();
    // Twilio repeats no webhook: one that is throttled would cost a customer the echo.
    await desk.faults({});
    held.resolve();
    for (const client of customers) await client.next('message');

    expect(running).toBe(BATCHES);
    const { conversations } = stack().twilio.world;
    const bodies = [...conversations.values()].flatMap(({ messages }) =>
      messages.map(({ body }) => body),
    );
    expect(bodies.toSorted()).toEqual(customers.map((_, n) => `hello from ${n}`));
    for (const client of [...customers, late]) client.close();
  });

  test('gives a throttled batch back, and its letter is posted once', async () => {
    const desk = createAgentDesk(stack().outputs.TwilioUrl);
    const client = await connectClient(stack().outputs.CustomerSocketUrl);
    await client.ask({ action: 'hello', profile: { name: 'Throttled' } });
    await desk.faults({ lambda: { throttle: { function: 'deliver-to-flex', count: 3 } } });

    await client.ask({ action: 'sendMessage', id: 'm1', body: 'in the end' });
    await client.next('message');

    const { conversations } = stack().twilio.world;
    const own = [...conversations.values()].find(
      ({ friendlyName }) => friendlyName === 'Throttled',
    );
    expect(own?.messages.map(({ body }) => body)).toEqual(['in the end']);
    client.close();
  });
});
