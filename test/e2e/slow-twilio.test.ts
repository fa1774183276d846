import { createAgentDesk } from '#test/support/agent-desk';
import { connectClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';

const stack = useLocalStack();

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
