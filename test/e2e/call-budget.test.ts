import { setTimeout as delay } from 'node:timers/promises';
import { createAgentDesk } from '#test/support/agent-desk';
import { connectClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';

const stack = useLocalStack();
const desk = () => createAgentDesk(stack().outputs.TwilioUrl);

let measuredFrom = 0;

/** Waits until what is being measured has made so many calls of an action. */
async function untilCalls(action: string, count: number): Promise<void> {
  const made = () =>
    stack()
      .frontDoor.audit.slice(measuredFrom)
      .filter((call) => call.action === action).length;
  while (made() < count) await delay(20);
}

/**
 * Calls of our code by action, without what a function reads once per cold start. What Twilio still
 * tells of something earlier is not counted; what it tells of this is, however late.
 */
async function callsDuring(act: () => Promise<unknown>) {
  await stack().twilio.settled();
  const trail = stack().frontDoor.audit.length;
  measuredFrom = trail;
  const requests = (await desk().requests()).length;
  await act();
  await stack().twilio.settled();
  const aws: Record<string, number> = {};
  for (const { action } of stack().frontDoor.audit.slice(trail)) {
    if (action === 'secretsmanager:GetSecretValue') continue;
    aws[action] = (aws[action] ?? 0) + 1;
  }
  return { aws, twilio: (await desk().requests()).length - requests };
}

/** Everything a chat needs has run once: functions are warm, secrets and names are cached. */
async function aWarmChat(name: string) {
  const client = await connectClient(stack().outputs.CustomerSocketUrl);
  await client.ask({ action: 'hello', profile: { name } });
  await client.ask({ action: 'sendMessage', id: 'warm', body: 'hello' });
  await client.next('message');
  const task = await desk().taskOf(name);
  await desk().accept(task.sid, 'Ada');
  await client.next('participant');
  await desk().answer(task.sid, 'good morning');
  await client.next('message', (event) => event['index'] === 1);
  return { client, task };
}

describe('calls per message', () => {
  test('stay within the budget of the architecture', async () => {
    const { client, task } = await aWarmChat('Warm');

    // Left open: the removal of its row would count into what follows.
    const connect = await callsDuring(() => connectClient(stack().outputs.CustomerSocketUrl));
    const message = await callsDuring(async () => {
      await client.ask({ action: 'sendMessage', id: 'next', body: 'one more' });
      await client.next('message', (event) => event['id'] === 'next');
    });
    const answer = await callsDuring(async () => {
      await desk().answer(task.sid, 'sure');
      await client.next('message', (event) => event['body'] === 'sure');
    });
    const [template] = await desk().templates();
    const offers = () =>
      callsDuring(async () => {
        const told = client.received.filter(({ content }) => content !== undefined).length;
        await desk().sendTemplate(task.sid, template?.sid ?? '');
        while (client.received.filter(({ content }) => content !== undefined).length === told)
          await delay(5);
      });
    const offer = await offers();
    const offerAgain = await offers();
    const typing = await callsDuring(() => client.ask({ action: 'typing', chat: 1, index: 1 }));
    const typingOn = await callsDuring(() => client.ask({ action: 'typing', chat: 1, index: 1 }));
    const agentTypes = () =>
      callsDuring(async () => {
        const told = client.received.filter(({ type }) => type === 'typing').length;
        await desk().typing(task.sid);
        while (client.received.filter(({ type }) => type === 'typing').length === told)
          await delay(5);
      });
    const agentTyping = await agentTypes();
    const agentTypingOn = await agentTypes();
    await desk().faults({ lambda: { cold: { function: 'flex-webhook', count: 1 } } });
    const cold = await callsDuring(async () => {
      await desk().answer(task.sid, 'as I said');
      await client.next('message', (event) => event['body'] === 'as I said');
    });
    // What Event Streams tells of a new task comes at a time of its own, and is a line of its own.
    await desk().faults({ events: { drop: 1 } });
    const first = await callsDuring(() => openChat('First'));
    await desk().faults({});
    const told = await callsDuring(async () => {
      await openChat('Told');
      await untilCalls('dynamodb:GetItem', 1);
      await untilCalls('dynamodb:Query', (first.aws['dynamodb:Query'] ?? 0) + 1);
    });

    console.log(
      'calls per message',
      JSON.stringify({ connect, message, answer, typing, cold, first, told }, null, 2),
    );
    const push = { 'dynamodb:Query': 1, 'execute-api:ManageConnections': 1 };
    expect(connect.aws).toMatchObject({ 'dynamodb:PutItem': 1 });
    expect(connect.twilio).toBe(0);
    // The echo of the message is pushed by the webhook: its own line of the budget.
    expect(message).toEqual({
      aws: { 'sqs:SendMessage': 1, 'dynamodb:UpdateItem': 1, ...push },
      twilio: 1,
    });
    expect(answer).toEqual({ aws: push, twilio: 0 });
    expect(offer).toEqual({ aws: push, twilio: 1 });
    expect(offerAgain).toEqual({ aws: push, twilio: 0 });
    const counted = { 'dynamodb:Query': 1, 'dynamodb:UpdateItem': 1 };
    // The customer has marked nothing as read: the first frame fills their horizon in as well.
    expect(typing).toEqual({ aws: counted, twilio: 2 });
    expect(typingOn).toEqual({ aws: counted, twilio: 1 });
    const relayed = { 'dynamodb:GetItem': 1, ...push };
    expect(agentTyping).toEqual({ aws: relayed, twilio: 1 });
    expect(agentTypingOn).toEqual({ aws: relayed, twilio: 0 });
    expect(cold).toEqual({ aws: push, twilio: 0 });
    // Besides a plain message: the read that finds no open chat, the pointer, the opened chat.
    expect(first.aws).toEqual({
      'sqs:SendMessage': 1,
      'dynamodb:UpdateItem': 2,
      'dynamodb:PutItem': 1,
      'dynamodb:Query': 2,
      'execute-api:ManageConnections': 1,
    });
    expect(first.twilio).toBe(1 + 6);
    expect(told).toEqual({
      aws: { ...first.aws, 'dynamodb:GetItem': 1, 'dynamodb:Query': 3 },
      twilio: first.twilio,
    });
  }, 60_000);

  test('use every action that a role grants for a chat', () => {
    const used = new Set(
      stack()
        .frontDoor.audit.filter(({ allowed }) => allowed)
        .map(({ action }) => action),
    );

    expect([...used].sort()).toEqual(
      expect.arrayContaining([
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
        'execute-api:ManageConnections',
        'secretsmanager:GetSecretValue',
        'sqs:SendMessage',
      ]),
    );
  });
});

const opening: Record<string, Awaited<ReturnType<typeof connectClient>>> = {};

beforeAll(async () => {
  for (const name of ['First', 'Told']) {
    const client = await connectClient(stack().outputs.CustomerSocketUrl);
    await client.ask({ action: 'hello', profile: { name } });
    opening[name] = client;
  }
});

async function openChat(name: string): Promise<void> {
  const client = opening[name];
  await client?.ask({ action: 'sendMessage', id: 'm1', body: 'hello' });
  await client?.next('message');
}
