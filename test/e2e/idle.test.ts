import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAgentDesk } from '#test/support/agent-desk';
import { connectClient, type ProtocolClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';

/** The least that a configuration may say; the functions are told of some seconds instead. */
const IDLE = { minutes: 2, told: '2' };

function aConfig(): string {
  const config = JSON.parse(readFileSync('config/local.json', 'utf8'));
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'idle-')), 'local.json');
  config.customers.idleMinutes = IDLE.minutes;
  writeFileSync(file, JSON.stringify(config));
  return file;
}

const stack = useLocalStack({ config: aConfig(), environment: { IDLE_SECONDS: IDLE.told } });

const timers = () => stack().queues.all.find(({ settings }) => /Timers/.test(settings.name));

/** Longer than the usual patience: it comes after a silence of its own. */
const atLast = (client: ProtocolClient, type: string) =>
  client.next(type).catch(() => client.next(type));

async function aChat(name: string) {
  const desk = createAgentDesk(stack().outputs.TwilioUrl);
  const client = await connectClient(stack().outputs.CustomerSocketUrl);
  await client.ask({ action: 'hello', profile: { name } });
  await client.ask({ action: 'sendMessage', id: 'm1', chat: 1, body: 'hello' });
  const task = await desk.taskOf(name);
  await desk.accept(task.sid, 'Ada');
  return { client, desk, task };
}

describe('a chat in which nobody writes', () => {
  test('is warned of, ended here and in Flex, and watched no longer', async () => {
    const { client, desk, task } = await aChat('Silence');

    const idle = await atLast(client, 'idle');
    const ended = await atLast(client, 'ended');
    const after = await client.ask({ action: 'sendMessage', id: 'm2', chat: 1, body: 'late' });
    const rejected = await client.next('rejected');

    expect(idle).toMatchObject({ chat: 1 });
    expect(Date.parse(ended['at'])).toBeGreaterThanOrEqual(Date.parse(idle['endsAt']));
    expect(ended).toMatchObject({ chat: 1, by: 'system' });
    expect([after['type'], rejected['code']]).toEqual(['accepted', 'chat_ended']);
    const { status } = await desk.taskOf('Silence');
    expect(status).not.toBe('accepted');
    expect(stack().twilio.world.conversations.get(task.channelSid ?? '')?.state).toBe('closed');
    await stack().mappings.idle();
    expect(timers()?.delayed).toEqual([]);
    client.close();
  }, 60_000);
});
