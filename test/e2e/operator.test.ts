import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type Outcome, runCommand } from '#test/support/admin-command';
import { createAgentDesk, until } from '#test/support/agent-desk';
import { connectClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';

const OUT = mkdtempSync(path.join(tmpdir(), 'operator-'));
const OUTPUTS = path.join(OUT, 'stack-outputs.json');
const OPERATOR = path.join(OUT, 'operator.env');

const stack = useLocalStack({ outDirectory: OUT, redeliveryMs: 1 });
const desk = () => createAgentDesk(stack().outputs.TwilioUrl);
const outputs = (): Record<string, string> => JSON.parse(readFileSync(OUTPUTS, 'utf8'));

beforeAll(() => {
  Object.assign(process.env, parseEnv(readFileSync(OPERATOR, 'utf8')));
});

const flexChannel = (command: string): Promise<Outcome> =>
  runCommand(`${command} --stage local --outputs ${OUTPUTS}`, { env: process.env });

async function aChat(name: string) {
  const client = await connectClient(stack().outputs.CustomerSocketUrl);
  const { sessionId, token } = await client.ask({ action: 'hello', profile: { name } });
  await client.ask({ action: 'sendMessage', id: 'm1', chat: 1, body: 'hello' });
  await client.next('message');
  return { client, sessionId, token, task: (await desk().taskOf(name)).sid };
}

describe('an operator of the local stack', () => {
  test('finds what Twilio did not take in all its deliveries, and brings it to the agent', async () => {
    const { client, sessionId, task } = await aChat('Grace');
    await desk().faults({ rest: { status: 503, count: 1_000_000 } });
    await client.ask({ action: 'sendMessage', id: 'm2', chat: 1, body: 'are you there?' });
    expect(await client.next('rejected')).toMatchObject({ id: 'm2', code: 'undeliverable' });
    await desk().faults({});

    const listed = await until('a dead letter', async () => {
      const { out } = await flexChannel('redrive --json');
      const { letters } = JSON.parse(out);
      return letters.length > 0 && letters;
    });
    const { code, out } = await flexChannel('redrive --replay --yes');

    expect(listed).toMatchObject([{ sessionId, kind: 'message', messageId: 'm2' }]);
    expect([code, out]).toEqual([0, expect.stringContaining('Put back: 1 letter.')]);
    await client.next('message', (event) => event['id'] === 'm2');
    const bodies = (await desk().messages(task)).map(({ body }) => body);
    expect(bodies).toEqual(['hello', 'are you there?']);
    client.close();
  });

  test('ends the session of one customer, and of no other', async () => {
    const { client, sessionId, token } = await aChat('Mallory');
    const other = await aChat('Ada');

    const { code } = await flexChannel(`revoke --session ${sessionId} --yes`);

    expect(code).toBe(0);
    expect(await client.next('closing')).toMatchObject({ reason: 'revoked', reconnect: false });
    expect(await client.closed).toBe(1000);
    const { CustomerSocketUrl } = stack().outputs;
    await expect(connectClient(CustomerSocketUrl, token)).rejects.toThrow('refused');
    expect(await other.client.ask({ action: 'ping' })).toMatchObject({ type: 'pong' });
    other.client.close();
  });

  test('stores another auth token, as after a rotation', async () => {
    const secret = { authToken: 'a'.repeat(32), secondaryAuthToken: 'b'.repeat(32) };

    const { code, out, err } = await runCommand(`secrets set --stage local --outputs ${OUTPUTS}`, {
      env: process.env,
      input: JSON.stringify(secret),
    });

    expect([code, err]).toEqual([0, expect.not.stringContaining('not authorized')]);
    expect(out).not.toContain(secret.authToken);
  });

  test('may do no more than the commands need', async () => {
    const { DeadLetterQueueUrl, TwilioApiKeySecretArn } = outputs();
    const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
    const secrets = new SecretsManagerClient();
    const letter = { MessageBody: '{}', MessageGroupId: 'a', MessageDeduplicationId: '1' };

    const send = sqs.send(new SendMessageCommand({ QueueUrl: DeadLetterQueueUrl, ...letter }));
    await expect(send).rejects.toThrow('operator is not authorized to perform: sqs:SendMessage');
    const read = secrets.send(new GetSecretValueCommand({ SecretId: TwilioApiKeySecretArn }));
    await expect(read).rejects.toThrow('operator is not authorized');
  });

  test('finds credentials that nobody else can read', () => {
    expect(statSync(OPERATOR).mode & 0o077).toBe(0);
  });
});
