import { BACK_ENDS } from '#local/stack/local-config';
import type { LocalStack } from '#local/stack/local-stack';
import { createAgentDesk } from '#test/support/agent-desk';
import { connectClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';

const deskOf = (stack: LocalStack) => createAgentDesk(stack.outputs.TwilioUrl);

async function aCustomer(stack: LocalStack, name: string) {
  const client = await connectClient(stack.outputs.CustomerSocketUrl);
  await client.ask({ action: 'hello', profile: { name } });
  return client;
}

const crashesOf = (stack: LocalStack) =>
  stack.logs.lines.filter(({ line }) => line === 'Runtime.ExitError: Runtime exited with 1').length;

/** What Flex has of the customer whose chat was opened under this name. */
function inFlex(stack: LocalStack, name: string) {
  const { conversations, tasks, interactions } = stack.twilio.world;
  const own = [...conversations.values()].filter(({ friendlyName }) => friendlyName === name);
  const sids = own.map(({ sid }) => sid);
  return {
    channels: own.length,
    tasks: [...tasks.values()].filter(({ attributes }) => attributes['name'] === name).length,
    interactions: [...interactions.values()].filter(({ conversationSid }) =>
      sids.includes(conversationSid),
    ).length,
    webhooks: own.flatMap(({ webhooks, channelWebhooks }) => [...webhooks, ...channelWebhooks])
      .length,
    participants: own.flatMap(({ participants }) => participants).length,
    bodies: own.flatMap(({ messages }) => messages.map(({ body }) => body)),
  };
}

describe.each(BACK_ENDS)('a worker that dies while it opens a chat by %s', (backEnd) => {
  const started = useLocalStack({ redeliveryMs: 20, backEnd });

  test('after any call leaves one channel, one task, two webhooks and the message once', async () => {
    const stack = started();
    let afterCalls = 0;
    for (let died = true; died; afterCalls += 1) {
      const name = `Died after ${afterCalls}`;
      const client = await aCustomer(stack, name);
      const before = crashesOf(stack);
      const crash = { function: 'deliver-to-flex', afterCalls, count: 1 };
      await deskOf(stack).faults({ lambda: { crash } });

      await client.ask({ action: 'sendMessage', id: 'm1', body: 'hello' });
      await client.next('message');
      await deskOf(stack).taskOf(name);
      await stack.mappings.idle();

      died = crashesOf(stack) > before;
      expect([name, inFlex(stack, name)]).toEqual([
        name,
        {
          channels: 1,
          tasks: 1,
          interactions: backEnd === 'conversations' ? 1 : 0,
          webhooks: 2,
          participants: 1,
          bodies: ['hello'],
        },
      ]);
      client.close();
    }

    // At least the calls of the budget, to Twilio and to AWS, were crashed after.
    console.log(`${backEnd}: killed after each of ${afterCalls - 1} calls`);
    expect(afterCalls).toBeGreaterThan(backEnd === 'conversations' ? 10 : 8);
  });
});

describe('a stack whose faults are set by PUT /faults', () => {
  const stack = useLocalStack({ redeliveryMs: 20 });
  const desk = () => deskOf(stack());

  afterEach(() => desk().faults({}));

  test('posts each message once and in order while its worker dies, is throttled or slow', async () => {
    const client = await aCustomer(stack(), 'In order');
    await client.ask({ action: 'sendMessage', id: 'm0', body: 'm0' });
    await client.next('message');
    const target = { function: 'deliver-to-flex', count: 1 };

    for (const [id, lambda] of Object.entries({
      m1: { crash: { ...target, when: 'after' } },
      m2: { crash: { ...target, when: 'before' } },
      m3: { throttle: target },
      m4: { slow: { ...target, ms: 200 } },
    })) {
      await desk().faults({ lambda });
      await client.ask({ action: 'sendMessage', id, body: id });
      await client.next('message', (event) => event['id'] === id);
    }

    expect(inFlex(stack(), 'In order').bodies).toEqual(['m0', 'm1', 'm2', 'm3', 'm4']);
  });

  test.each([
    [{ lambda: { crash: { count: 'x' } } }, 'lambda.crash.count'],
    [{ lambda: { crash: { count: 1, function: 'nobody' } } }, 'lambda.crash.function'],
    [{ connections: { post: { answer: 'shrug' } } }, 'connections.post.answer'],
    [{ connections: null }, 'connections'],
  ])('refuses %j with 400, naming the field', async (faults, field) => {
    await expect(desk().faults(faults)).rejects.toThrow(new RegExp(`: 400 .*"${field}: `));
  });

  test('reaches connections: an echo that API Gateway loses is read again from the history', async () => {
    const client = await aCustomer(stack(), 'Unlucky');
    await client.ask({ action: 'sendMessage', id: 'm1', body: 'hello' });
    await client.next('message');

    await desk().faults({ connections: { post: { answer: 'throttled' } } });
    await client.ask({ action: 'sendMessage', id: 'm2', body: 'lost' });
    await stack().mappings.idle();
    await stack().twilio.settled();
    const pushed = client.received.filter(({ type }) => type === 'message');
    await desk().faults({});
    const history = await client.ask({ action: 'history', after: { chat: 1, index: 0 } });

    expect(pushed).toHaveLength(1);
    expect(history['messages']).toMatchObject([{ id: 'm2', body: 'lost' }]);
    await client.ask({ action: 'sendMessage', id: 'm3', body: 'heard' });
    await client.next('message', (event) => event['id'] === 'm3');
  });
});
