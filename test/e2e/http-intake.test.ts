import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAgentDesk } from '#test/support/agent-desk';
import { connectClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';

const folder = mkdtempSync(path.join(tmpdir(), 'flex-channel-http-'));
const config = path.join(folder, 'http.json');
const local = JSON.parse(readFileSync('config/local.json', 'utf8'));
const operations = { ...local.operations, webhookIntake: 'http' };
writeFileSync(config, JSON.stringify({ ...local, operations }));

const stack = useLocalStack({ config });
afterAll(() => rmSync(folder, { recursive: true }));

test('a chat goes both ways by an HTTP API: each webhook keeps its signature, and the plugin its token', async () => {
  const { outputs } = stack();
  const desk = createAgentDesk(outputs.TwilioUrl);
  const client = await connectClient(outputs.CustomerSocketUrl);
  await client.ask({ action: 'hello', profile: { name: 'Ada' } });

  await client.ask({ action: 'sendMessage', id: 'm1', chat: 1, body: 'grüß Gott' });
  const echo = await client.next('message');
  const task = await desk.taskOf('Ada');
  await desk.accept(task.sid, 'Grace');
  await desk.answer(task.sid, 'good morning & welcome');
  const answer = await client.next('message', (event) => event['author'].role === 'agent');
  const typed = await desk.typing(task.sid);
  await desk.complete(task.sid);

  expect(echo).toMatchObject({ id: 'm1', body: 'grüß Gott' });
  expect(answer).toMatchObject({ body: 'good morning & welcome', author: { name: 'Grace' } });
  expect(typed).toBe(200);
  expect(await client.next('ended')).toMatchObject({ by: 'agent' });
});

test('nothing of the API is missing from its first deployment', () => {
  expect(stack().rest.leftOut).toEqual([]);
  expect(stack().socket.leftOut).toEqual([]);
});

test('a webhook without a signature, and one with another, is refused', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const statusOf = async (headers: Record<string, string>) => {
    const url = `${stack().outputs.WebhookUrl}/new-message/s_1`;
    return (await fetch(url, { method: 'POST', body: 'Body=forged', headers })).status;
  };

  expect(await statusOf(form)).toBe(403);
  expect(await statusOf({ ...form, 'X-Twilio-Signature': `${'A'.repeat(27)}=` })).toBe(403);
});
