import { createAgentDesk, until } from '#test/support/agent-desk';
import { connectClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';

const stack = useLocalStack();

async function aChat(name: string) {
  const client = await connectClient(stack().outputs.CustomerSocketUrl);
  await client.ask({ action: 'hello', profile: { name } });
  const send = (id: string) => client.ask({ action: 'sendMessage', id, chat: 1, body: id });
  const echo = (id: string) => client.next('message', (event) => event['id'] === id);
  await send('m1');
  await echo('m1');
  const has = (id: string) =>
    client.received.some((event) => event['id'] === id && event.type === 'message');
  return { send, echo, has, close: () => client.close() };
}

describe('a message that Twilio refuses for some seconds', () => {
  test('comes when they are over, before what follows it, while another chat goes on', async () => {
    const desk = createAgentDesk(stack().outputs.TwilioUrl);
    const [kept, other] = [await aChat('Kept'), await aChat('Other')];
    await desk.faults({ rest: { status: 429, count: 1, retryAfter: 10 } });
    const startedAtMs = performance.now();
    const sinceMs = () => performance.now() - startedAtMs;

    await kept.send('m2');
    await until('refusal', async () =>
      (await desk.requests()).some(({ status }) => status === 429),
    );
    await kept.send('m3');
    await other.send('m2');
    await other.echo('m2');
    const isFirst = !kept.has('m2');
    await kept.echo('m2');
    const keptMs = sinceMs();
    await kept.echo('m3');

    expect(isFirst).toBe(true);
    expect(keptMs).toBeGreaterThanOrEqual(10_000);
    const posted = (await desk.requests()).filter(
      ({ method, url, status }) =>
        method === 'POST' && url.endsWith('/Messages') && [201, 429].includes(status),
    );
    expect(posted.slice(-4).map(({ form, status }) => `${form['Body']} ${status}`)).toEqual([
      'm2 429',
      'm2 201',
      'm2 201',
      'm3 201',
    ]);
    kept.close();
    other.close();
  });
});

/** Each message is looked for before it is posted, once it has waited: the time of two calls. */
const LATENCY_MS = 2_600;
/** They take 28 s, and a function has 25. */
const MESSAGES = 6;

describe('a Twilio so slow that a batch does not fit into the function’s time', () => {
  test('gets every message once and in order, without a letter that has to wait for a time-out', async () => {
    const desk = createAgentDesk(stack().outputs.TwilioUrl);
    const client = await connectClient(stack().outputs.CustomerSocketUrl);
    await client.ask({ action: 'hello', profile: { name: 'Patience' } });
    await client.ask({ action: 'sendMessage', id: 'first', chat: 1, body: 'first' });
    const { sid } = await desk.taskOf('Patience');
    await desk.faults({ latencyMs: LATENCY_MS });

    const ids = Array.from({ length: MESSAGES }, (_, n) => `m${n}`);
    for (const id of ids) await client.ask({ action: 'sendMessage', id, chat: 1, body: id });
    const startedAtMs = performance.now();
    const posted = async () => (await desk.messages(sid)).map(({ body }) => body);
    while ((await posted()).length <= MESSAGES && performance.now() - startedAtMs < 250_000) {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }

    expect(await posted()).toEqual(['first', ...ids]);
    const crashes = stack().logs.lines.filter(({ line }) => /^(Runtime|Sandbox)\./.test(line));
    expect(crashes).toEqual([]);
    await desk.faults({});
    await stack().mappings.idle();
    client.close();
  }, 300_000);
});
