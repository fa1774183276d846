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
