import { createAgentDesk, until } from '#test/support/agent-desk';
import { connectClient, type ProtocolClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';

/** Long enough that no letter uses its 40 deliveries up while a secret is not read again, for 5 s. */
const stack = useLocalStack({ redeliveryMs: 2_000 });
const desk = () => createAgentDesk(stack().outputs.TwilioUrl);

/** More calls than any client of AWS tries by itself. */
const MANY = 12;

const FAULTS: readonly [what: string, faults: object][] = [
  ['DynamoDB throttles writes', { dynamodb: writing('ProvisionedThroughputExceededException') }],
  ['DynamoDB is down', { dynamodb: { count: MANY, error: 'ServiceUnavailable' } }],
  ['DynamoDB writes and says that it failed', { dynamodb: writing('InternalServerError', true) }],
  ['DynamoDB takes its time', { dynamodb: { count: MANY, delayMs: 150 } }],
  ['SQS throttles', { sqs: { count: MANY, error: 'RequestThrottled' } }],
  ['SQS takes letters and says that it failed', { sqs: sending('InternalFailure', true) }],
  ['SQS takes its time', { sqs: { count: MANY, delayMs: 150 } }],
  ['Secrets Manager throttles', cold('ThrottlingException')],
  ['Secrets Manager fails', cold('InternalServiceError')],
];

function writing(error: string, afterCommit = false): object {
  return { count: MANY, action: 'UpdateItem', error, afterCommit };
}

function sending(error: string, afterCommit: boolean): object {
  return { count: MANY, action: 'SendMessage', error, afterCommit };
}

/** A new copy of a function reads a secret, twice with what its client tries; after 5 s it asks again. */
function cold(error: string): object {
  const lambda = { cold: { function: 'deliver-to-flex', count: 1 } };
  return { secretsmanager: { count: 4, error }, lambda };
}

/** Sends as a client must: again under the same id, until it is accepted. */
async function deliver(client: ProtocolClient, id: string): Promise<void> {
  await until(`accepted ${id}`, async () => {
    const reply = await client.ask({ action: 'sendMessage', id, body: id }).catch(() => undefined);
    return reply?.type === 'accepted';
  });
}

describe('PUT /faults of AWS', () => {
  afterEach(() => desk().faults({}));

  test.each(FAULTS)('while %s no letter is lost, doubled or overtaken', async (what, faults) => {
    const client = await connectClient(stack().outputs.CustomerSocketUrl);
    await client.ask({ action: 'hello', profile: { name: what } });
    await deliver(client, 'm1');
    const posted = () => {
      const { conversations } = stack().twilio.world;
      const own = [...conversations.values()].find(({ friendlyName }) => friendlyName === what);
      return own?.messages.map(({ body }) => body) ?? [];
    };
    await until('first message', async () => posted().length === 1);

    await desk().faults(faults);
    for (const id of ['m2', 'm3']) await deliver(client, id);
    await until('all in Flex', async () => posted().length >= 3);
    await stack().mappings.idle();

    expect(posted()).toEqual(['m1', 'm2', 'm3']);
    client.close();
  });
});
