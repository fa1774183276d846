/** A whole chat as its customer sees it: use cases and webhooks on a Flex back end. */
import { randomUUID } from 'node:crypto';
import { parseFlexWebhook } from '#adapters/twilio/webhooks/flex-webhook';
import type { FlexBackend } from '#core/flex';
import {
  type ChannelSid,
  clientMessageId,
  connectionId,
  type SessionId,
  sessionId,
} from '#core/ids';
import { deliverLetter } from '#core/letters/deliver-letter';
import type { Letter } from '#core/ports';
import type { ChatRef } from '#core/session';
import { relayFlexEvent } from '#core/webhooks/relay-flex-event';
import type { EventOf, ServerEvent } from '#protocol/events';
import { dyingFetch } from '#test/support/dying-fetch';
import { createMemoryStack, DAY_MS, POLICY } from '#test/support/memory-stack';
import {
  type ReceivedWebhook,
  startWebhookReceiver,
  type WebhookReceiver,
} from '#test/support/webhook-receiver';
import type { FlexUnderTest } from './flex-backend.contract.ts';

/** Signs the webhooks of the account under test. */
export const AUTH_TOKEN = 'made-up-auth-token';

const MEDIA = { filename: 'a b.png', contentType: 'image/png', size: 7 };

type WithoutSession<Kind extends Letter> = Kind extends Letter ? Omit<Kind, 'sessionId'> : never;

function aMessage(body: string) {
  const id = clientMessageId(randomUUID());
  return { kind: 'message', id, body, acceptedAtMs: Date.now() } as const;
}

/** The use cases with everything in memory but Flex. */
function useCasesOn(backend: FlexBackend, receiver: WebhookReceiver, flex: FlexUnderTest) {
  const stack = { ...createMemoryStack(), flex: backend, names: backend };
  return async function aCustomer() {
    const session = sessionId(randomUUID());
    const tab = connectionId(randomUUID());
    const now = () => Date.now();
    await stack.sessions.renew(session, now(), now() + DAY_MS);
    await stack.connections.add(session, tab, now(), now() + DAY_MS);
    let heard = 0;

    const chat = async () => {
      const record = await stack.sessions.find(session, now());
      const current = record?.session.chat;
      if (current === undefined || current.state === 'none') throw new Error('no chat yet');
      return current;
    };
    const send = async (letter: WithoutSession<Letter>, through = backend) => {
      const ports = { ...stack, flex: through, names: through };
      const outcome = await deliverLetter(ports, POLICY, { sessionId: session, ...letter }, now());
      await flex.settled();
      return outcome;
    };
    const relay = async (webhooks: readonly ReceivedWebhook[], named: SessionId | undefined) => {
      for (const { form } of webhooks) {
        await relayFlexEvent(stack, parseFlexWebhook(form), named, now());
      }
    };
    const seen = () => stack.customers.pushed(tab);
    return {
      send,
      say: (body: string) => send(aMessage(body)),
      chat,
      reference: (number: number): ChatRef => ({ sessionId: session, number }),
      channel: async (): Promise<ChannelSid> => (await chat()).channel.sid,
      /** Webhooks since the last call. */
      async webhooks(): Promise<readonly ReceivedWebhook[]> {
        await flex.settled();
        const own = receiver.received.filter(({ path }) => path.endsWith(`/${session}`));
        const fresh = own.slice(heard);
        heard = own.length;
        return fresh;
      },
      hear: (webhooks: readonly ReceivedWebhook[]) => relay(webhooks, session),
      /** As webhooks of the whole service, whose URL names no session. */
      hearFromService: (webhooks: readonly ReceivedWebhook[]) => relay(webhooks, undefined),
      seen,
      /** Each message once and in order, as clients show them. */
      transcript: () =>
        [...new Map(seen().flatMap(keyedMessage)).values()]
          .sort((a, b) => a.chat - b.chat || a.index - b.index)
          .map(({ chat: number, author, body }) => `${number} ${author.role}: ${body}`),
      seenOf: <Type extends ServerEvent['type']>(type: Type) =>
        seen().filter((event): event is EventOf<Type> => event.type === type),
    };
  };
}

function keyedMessage(event: ServerEvent): [string, EventOf<'message'>][] {
  return event.type === 'message' ? [[`${event.chat}/${event.index}`, event]] : [];
}

/** @param create makes an account whose webhooks are called below the URL, signed with AUTH_TOKEN. */
export function flexChatContract(
  name: string,
  create: (webhookUrl: string) => Promise<FlexUnderTest>,
): void {
  describe(`a chat through ${name}`, () => {
    let receiver: WebhookReceiver;
    let flex: FlexUnderTest;
    let backend: FlexBackend;
    let aCustomer: ReturnType<typeof useCasesOn>;

    beforeAll(async () => {
      receiver = await startWebhookReceiver(AUTH_TOKEN);
      flex = await create(receiver.url);
      backend = flex.connect();
      aCustomer = useCasesOn(backend, receiver, flex);
    });
    afterAll(async () => {
      await flex.stop();
      await receiver.stop();
    });

    /** Two messages of the customer, two of the agent, and the agent ends it. */
    async function anEndedChat() {
      const customer = await aCustomer();
      await customer.say('hello');
      const channel = await customer.channel();
      await flex.reply(channel, 'good morning');
      await customer.say('Grüße & 1+1=2');
      await flex.reply(channel, 'an answer');
      await flex.complete(channel);
      return { customer, channel, webhooks: await customer.webhooks() };
    }
    const TRANSCRIPT = [
      '1 customer: hello',
      '1 agent: good morning',
      '1 customer: Grüße & 1+1=2',
      '1 agent: an answer',
    ];

    test('shows an agent who joins, answers, sends a file, reads and leaves', async () => {
      const customer = await aCustomer();
      await customer.say('hello');
      const channel = await customer.channel();

      await flex.reply(channel, 'good morning');
      await flex.replyWithMedia(channel, MEDIA);
      await flex.read(channel, 0);
      await flex.leave(channel);
      await customer.hear(await customer.webhooks());

      const agent = { role: 'agent', name: 'Ada Lovelace' };
      expect(customer.seen()).toMatchObject([
        { type: 'message', chat: 1, author: { role: 'customer' }, body: 'hello' },
        { type: 'participant', chat: 1, event: 'joined', ...agent },
        { type: 'message', chat: 1, author: agent, body: 'good morning' },
        { type: 'message', chat: 1, author: agent, body: '', media: [MEDIA] },
        { type: 'read', chat: 1, index: 0 },
        { type: 'participant', chat: 1, event: 'left', ...agent },
      ]);
    });

    test('goes on when an agent comes back', async () => {
      const customer = await aCustomer();
      await customer.say('hello');
      const channel = await customer.channel();
      await flex.reply(channel, 'one moment');
      await flex.leave(channel);

      await customer.say('still there?');
      await flex.comeBack(channel);
      await flex.reply(channel, 'here I am');
      await customer.hear(await customer.webhooks());

      const comings = customer.seenOf('participant').map(({ event }) => event);
      expect(comings).toEqual(['joined', 'left', 'joined']);
      expect(customer.transcript().at(-1)).toBe('1 agent: here I am');
      expect(await backend.channelState(customer.reference(1))).toBe('open');
      expect((await customer.chat()).state).toBe('open');
    });

    test('tells once that the agent has ended it', async () => {
      const { customer, webhooks } = await anEndedChat();

      await customer.hear(webhooks);

      expect(receiver.forged).toEqual([]);
      expect(customer.transcript()).toEqual(TRANSCRIPT);
      expect(customer.seenOf('ended')).toMatchObject([{ chat: 1, by: 'agent' }]);
      expect((await customer.chat()).state).toBe('ended');
    });

    test('tells once that the customer has ended it, and ends the task', async () => {
      const customer = await aCustomer();
      await customer.say('hello');
      const channel = await customer.channel();
      await flex.reply(channel, 'good morning');

      await customer.send({ kind: 'end', chat: 1 });
      await customer.send({ kind: 'end', chat: 1 });
      await customer.hear(await customer.webhooks());

      expect(customer.seenOf('ended')).toMatchObject([{ chat: 1, by: 'customer' }]);
      expect(await flex.inspect(channel)).toMatchObject({ isEnded: true, tasks: [] });
    });

    test.each([1, 2, 3, 4, 5, 6])(
      'brings its first message once after a crash in call %d',
      async (call) => {
        const customer = await aCustomer();
        const channels = await flex.countChannels();
        const letter = aMessage('hello');

        await customer.send(letter, flex.connect(dyingFetch(call))).catch(() => 'crashed');
        await customer.send(letter);
        await customer.send(letter);

        const channel = await customer.channel();
        const { messages } = await backend.listMessages(customer.reference(1), -1, 10);
        const { customers, webhooks, tasks } = await flex.inspect(channel);
        expect(messages.map(({ body }) => body)).toEqual(['hello']);
        expect([customers, webhooks.length, tasks.length]).toEqual([1, 2, 1]);
        expect(await flex.countChannels()).toBe(channels + 1);
      },
    );

    test('shows the agent how far the customer has read', async () => {
      const customer = await aCustomer();
      await customer.say('hello');
      const channel = await customer.channel();
      await flex.reply(channel, 'good morning');
      await customer.hear(await customer.webhooks());
      const index = customer.seenOf('message').at(-1)?.index ?? -1;

      await customer.send({ kind: 'read', chat: 1, index });
      await customer.hear(await customer.webhooks());

      expect((await flex.inspect(channel)).customerHasRead).toBe(index);
      expect(customer.seenOf('read')).toEqual([]);
    });

    test('stays the same when every webhook comes twice', async () => {
      const { customer, webhooks } = await anEndedChat();

      await customer.hear(webhooks.flatMap((webhook) => [webhook, webhook]));

      expect(customer.transcript()).toEqual(TRANSCRIPT);
      expect(customer.seenOf('ended')).toHaveLength(1);
    });

    test('stays the same when webhooks come in reverse', async () => {
      const { customer, webhooks } = await anEndedChat();

      await customer.hear(webhooks.toReversed());

      expect(customer.transcript()).toEqual(TRANSCRIPT);
      expect(customer.seenOf('ended')).toHaveLength(1);
    });

    test('is ended by a webhook whose URL names no session', async () => {
      const { customer, webhooks } = await anEndedChat();

      await customer.hearFromService(webhooks);

      expect(customer.seen()).toMatchObject([{ type: 'ended', chat: 1, by: 'agent' }]);
    });

    test('is left in peace by late webhooks of the chat before', async () => {
      const customer = await aCustomer();
      await customer.say('hello');
      const first = await customer.channel();
      await flex.reply(first, 'good morning');
      await customer.send({ kind: 'end', chat: 1 });
      const late = await customer.webhooks();

      await customer.say('one more thing');
      await customer.hear(late);
      await customer.hear(await customer.webhooks());

      expect(await customer.chat()).toMatchObject({ number: 2, state: 'open' });
      expect(await customer.channel()).not.toBe(first);
      expect(customer.transcript()).toEqual([
        '1 customer: hello',
        '1 agent: good morning',
        '2 customer: one more thing',
      ]);
      expect(customer.seenOf('ended')).toMatchObject([{ chat: 1 }]);
    });
  });
}
