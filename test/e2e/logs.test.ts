import { createAgentDesk, until } from '#test/support/agent-desk';
import { connectClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';

const stack = useLocalStack();

const metricLines = () =>
  stack()
    .logs.lines.filter(({ line }) => line.includes('"_aws"'))
    .map(({ line }) => JSON.parse(line));

/** All that the functions have counted under a name. */
const countsOf = (name: string): number =>
  metricLines()
    .flatMap((line) => line[name] ?? [])
    .reduce((sum, value) => sum + value, 0);

describe('logs and metrics', () => {
  test('hold no word, name, address, origin or token of a conversation that had every kind of trouble', async () => {
    const desk = createAgentDesk(stack().outputs.TwilioUrl);
    const url = stack().outputs.CustomerSocketUrl;
    const secrets = {
      name: 'Wilhelmina',
      email: 'wilhelmina@example.com',
      field: 'loyalty-number-4711',
      customerWord: 'rhubarb',
      agentWord: 'gooseberry',
      agentName: 'Bartholomew',
    };
    const client = await connectClient(url);
    const { token } = await client.ask({
      action: 'hello',
      profile: { name: secrets.name, email: secrets.email, fields: { number: secrets.field } },
    });
    await client.ask({ action: 'sendMessage', id: 'm1', body: secrets.customerWord });
    await client.next('message');
    const task = await desk.taskOf(secrets.name);
    await desk.accept(task.sid, secrets.agentName);
    await desk.answer(task.sid, secrets.agentWord);
    await client.next('message', (event) => event['index'] === 1);
    client.sendRaw(`{"action":"sendMessage","id":"x","body":"${secrets.customerWord}`);
    client.sendRaw(JSON.stringify({ action: secrets.customerWord }));
    await desk.faults({ rest: { status: 500, count: 1 } });
    await client.ask({ action: 'history' });
    await desk.faults({ connections: { post: { answer: 'error' } } });
    await desk.answer(task.sid, 'not pushed');
    await until('a push that failed', async () => countsOf('PushFailed') > 0);
    await desk.faults({});
    const stolen = `${token}x`;
    await connectClient(url, stolen).catch(() => {});
    await fetch(`${stack().outputs.WebhookUrl}/new-message/nobody`, {
      method: 'POST',
      body: new URLSearchParams({ Body: secrets.customerWord }),
    });
    await desk.complete(task.sid);
    await client.next('ended');

    const text = stack()
      .logs.lines.map(({ line }) => line)
      .join('\n');

    expect(text).toContain('frame failed');
    expect(text).toContain('connection refused');
    expect(text).toContain('webhook failed');
    for (const secret of [...Object.values(secrets), token, stolen]) {
      expect(text).not.toContain(secret);
    }
    expect(text).not.toMatch(/eyJ[A-Za-z0-9_-]+\./);
  });

  test.each([
    'ConnectionRefused',
    'WebhookForged',
    'PushFailed',
    'UpstreamUnavailable',
    'ToFlexMs',
    'ToCustomerMs',
  ])('count %s, which an alarm watches', (name) => {
    expect(countsOf(name)).toBeGreaterThan(0);
  });

  test('count by function, without a dimension that grows with sessions', () => {
    const metrics = metricLines();

    expect(metrics.length).toBeGreaterThan(0);
    for (const metric of metrics) {
      expect(metric._aws.CloudWatchMetrics[0].Dimensions).toEqual([['service']]);
    }
  });
});
