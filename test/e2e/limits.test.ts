/** Limits that hold however many connections, and copies of the functions, the frames come over. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAgentDesk, until } from '#test/support/agent-desk';
import { connectClient, type ProtocolClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';

/** The default of `customers.connectionsPerSession`. */
const CONNECTIONS = 20;
const SESSIONS = 60;
/** Of one session in a minute; each costs five calls at most. */
const FLEX_FRAMES = 60;
const CALLS_OF_A_FRAME = 5;

/** The local configuration with the limits of a deployment. */
function limitedConfig(): string {
  const source = path.join(import.meta.dirname, '..', '..', 'config', 'local.json');
  const config = JSON.parse(readFileSync(source, 'utf8'));
  const customers = {
    ...config.customers,
    messagesPerMinute: FLEX_FRAMES,
    sessionsPerAddressPerMinute: SESSIONS,
  };
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'limited-')), 'config.json');
  writeFileSync(file, JSON.stringify({ ...config, customers }));
  return file;
}

const stack = useLocalStack({ config: limitedConfig() });
const desk = () => createAgentDesk(stack().outputs.TwilioUrl);
const connect = (token?: string) => connectClient(stack().outputs.CustomerSocketUrl, token);

async function connectMany(count: number, token?: string): Promise<ProtocolClient[]> {
  const outcomes = await Promise.allSettled(Array.from({ length: count }, () => connect(token)));
  return outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
}

/** Those of the clients that are not closed. */
async function openOf(clients: readonly ProtocolClient[]): Promise<ProtocolClient[]> {
  const states = await Promise.all(
    clients.map(({ closed }) =>
      Promise.race([closed.then(() => false), new Promise((done) => setImmediate(done, true))]),
    ),
  );
  return clients.filter((_, position) => states[position]);
}

/** Counts begin anew with each minute of the clock. @returns how many were begun since. */
function countMinutes(): () => number {
  const first = Math.floor(Date.now() / 60_000);
  return () => Math.floor(Date.now() / 60_000) - first + 1;
}

const CLOSING = { type: 'closing', reason: 'connection_limit', reconnect: false };

describe('a session with too many connections', () => {
  test('has the oldest one closed with its reason for each that opens', async () => {
    const first = await connect();
    const { token } = await first.ask({ action: 'hello' });
    const others: ProtocolClient[] = [];

    for (let n = 0; n < CONNECTIONS; n += 1) others.push(await connect(token));

    expect(await first.next('closing')).toMatchObject(CLOSING);
    expect(await first.closed).toBe(1000);
    expect(await openOf(others)).toHaveLength(CONNECTIONS);
    for (const client of others) expect(await client.ask({ action: 'ping' })).toBeDefined();
    for (const client of others) client.close();
  }, 20_000);

  test('keeps no more than the limit of 300 that come at once', async () => {
    const first = await connect();
    const { token } = await first.ask({ action: 'hello', profile: { name: 'Many' } });
    const trail = stack().frontDoor.audit.length;

    const clients = await connectMany(300, token);

    const open = await until('the rest to be closed', async () => {
      const left = await openOf([first, ...clients]);
      return left.length <= CONNECTIONS && left;
    });
    const calls = stack().frontDoor.audit.slice(trail).length;
    console.log(
      `300 connects of one token: ${clients.length} admitted, ${open.length} open, ${calls} AWS calls`,
    );
    await open[0]?.ask({ action: 'sendMessage', id: 'm1', body: 'hello' });
    const heard = await until('all that are open to hear of it', async () => {
      const hear = open.filter(({ received }) => received.some(({ type }) => type === 'message'));
      return hear.length === open.length && hear;
    });
    expect(heard.length).toBeLessThanOrEqual(CONNECTIONS);
    expect(heard.length).toBeGreaterThan(0);
    for (const client of open) client.close();
  }, 60_000);
});

describe('a session over many connections', () => {
  async function aChatOver(count: number, name: string) {
    const first = await connect();
    const { token } = await first.ask({ action: 'hello', profile: { name } });
    await first.ask({ action: 'sendMessage', id: 'm0', body: 'hello' });
    await first.next('message');
    return [first, ...(await connectMany(count - 1, token))];
  }

  test('spends no more than its budget of Twilio calls, and is told to slow down', async () => {
    const minutes = countMinutes();
    const clients = await aChatOver(15, 'Curious');
    const before = (await desk().requests()).length;

    const replies = [];
    for (let wave = 0; wave < 10; wave += 1) {
      const asked = clients.map((client) =>
        client.ask({ action: 'history', after: { chat: 1, index: -1 }, limit: 1 }),
      );
      replies.push(...(await Promise.all(asked)));
    }

    const calls = (await desk().requests()).length - before;
    const answered = replies.filter(({ type }) => type === 'history').length;
    const refusals = replies.filter(({ type }) => type === 'error').map(({ code }) => code);
    console.log(`150 history over 15 connections: ${answered} answered, ${calls} Twilio calls`);
    expect(answered).toBeLessThanOrEqual(FLEX_FRAMES * minutes());
    expect(refusals).toHaveLength(150 - answered);
    expect(refusals).toContain('rate_limited');
    expect(calls).toBeLessThanOrEqual(FLEX_FRAMES * CALLS_OF_A_FRAME * minutes());
    for (const client of clients) client.close();
  }, 60_000);

  test('loses its session when it goes on sending, and Flex gets what the pace allows', async () => {
    const minutes = countMinutes();
    const clients = await aChatOver(5, 'Flooding');

    // Enough for one of two minutes, should another one begin on the way.
    for (let wave = 0; wave < 40; wave += 1) {
      for (const [n, client] of clients.entries()) {
        const frame = { action: 'sendMessage', id: `w${wave}-${n}`, body: `${wave} ${n}` };
        client.sendRaw(JSON.stringify(frame));
      }
    }

    await Promise.all(clients.map(({ closed }) => closed));
    const closings = clients.map(({ received }) => received.at(-1));
    expect(closings).toEqual(
      clients.map(() => ({ type: 'closing', reason: 'abuse', reconnect: false })),
    );
    const task = await desk().taskOf('Flooding');
    const posted = (await desk().messages(task.sid)).length;
    expect(posted).toBeLessThanOrEqual(FLEX_FRAMES * minutes());
  }, 60_000);
});

describe('one address', () => {
  test('begins no more sessions than it may, when they come at once', async () => {
    const minutes = countMinutes();

    const clients = await connectMany(200);

    console.log(`200 new sessions at once: ${clients.length} admitted`);
    expect(clients.length).toBeLessThanOrEqual(SESSIONS * minutes());
    for (const client of clients) client.close();
  }, 60_000);
});
