import { randomUUID } from 'node:crypto';
import { parseFlexWebhook } from '#adapters/twilio/webhooks/flex-webhook';
import type { FlexBackend } from '#core/flex';
import { type ChannelSid, channelSid, clientMessageId, sessionId } from '#core/ids';
import { type ChatRef, customerIdentity } from '#core/session';
import { changeState } from '#local/emulators/twilio/conversations/state/conversation';
import { expireConversation, leaveChat, parkTask } from '#local/emulators/twilio/desk/agent';
import { flexBackendContract } from '#test/contracts/flex-backend.contract';
import { AUTH_TOKEN, flexChatContract } from '#test/contracts/flex-chat.contract';
import { startWebhookReceiver } from '#test/support/webhook-receiver';
import {
  type ConversationsUnderTest,
  conversationsUnderTest,
  STUDIO_ROUTING,
} from './conversations-under-test.ts';

flexBackendContract('Flex Conversations', () => conversationsUnderTest(), {
  openingCalls: 6,
  refusesLateMessages: true,
});
flexChatContract('Flex Conversations', (webhookUrl) => conversationsUnderTest({ webhookUrl }));

flexBackendContract('Flex Conversations, which does the other thing', otherwise, {
  openingCalls: 6,
  refusesLateMessages: true,
});

/** Where nobody documents what Twilio does. */
async function otherwise(): Promise<ConversationsUnderTest> {
  const flex = await conversationsUnderTest();
  flex.twilio.faults({
    unconfirmed: {
      interactionWebhooks: 'unsigned',
      ttidServes: 'one',
      largeTaskAttributes: 'later',
      conversationCloses: 'completion',
    },
  });
  return flex;
}

const newChat = (): ChatRef => ({ sessionId: sessionId(randomUUID()), number: 1 });

const unknownSid = (prefix: string) => `${prefix}${'f'.repeat(32)}`;

const aMessage = { id: clientMessageId('m-1'), body: 'hello' };

describe('createConversationsBackend', () => {
  let flex: ConversationsUnderTest;
  let backend: FlexBackend;

  beforeAll(async () => {
    flex = await conversationsUnderTest();
    backend = flex.connect();
  });
  afterEach(() => flex.twilio.faults({}));
  afterAll(() => flex.stop());

  const requestsOf = async (act: () => Promise<unknown>) => {
    const before = flex.twilio.requests().length;
    await act();
    return flex.twilio.requests().slice(before);
  };
  const openRouted = async (chat: ChatRef) => {
    const { channel } = await backend.openChannel(chat, { name: 'Grace' });
    return backend.routeChannel(channel, chat, { name: 'Grace' });
  };

  describe('with the plugin', () => {
    const customerIn = (channel: ChannelSid) =>
      flex.twilio.world.conversations
        .get(channel)
        ?.participants.find(({ identity }) => identity.startsWith('customer-'));
    const aChat = async () => {
      const chat = newChat();
      const { channel } = await backend.openChannel(chat, {});
      await backend.postMessage(channel, chat, aMessage);
      const { signals } = flex.connect(undefined, { plugin: {} });
      if (signals === undefined) throw new Error('no signals');
      return { chat, channel, signals };
    };
    const AT_MS = Date.parse('2026-11-22T09:00:00.000Z');

    test('shows that the customer is typing by one call, in the attributes of their participant', async () => {
      const { chat, channel, signals } = await aChat();
      await backend.markRead(channel, chat, 0);

      const requests = await requestsOf(() =>
        signals.showTyping(channel, chat, { atMs: AT_MS, seenIndex: 0 }),
      );

      expect(requests).toHaveLength(1);
      expect(requests[0]).toMatchObject({ webhookEnabled: false });
      expect(JSON.parse(customerIn(channel.sid)?.attributes ?? '')).toEqual({
        flexChannel: { typingAt: '2026-11-22T09:00:00.000Z' },
      });
    });

    test('leaves no read horizon empty that it writes beside', async () => {
      const { chat, channel, signals } = await aChat();

      await signals.showTyping(channel, chat, { atMs: AT_MS, seenIndex: 0 });

      expect(customerIn(channel.sid)?.lastReadMessageIndex).toBe(0);
    });

    test('never moves a read horizon that is there', async () => {
      const { chat, channel, signals } = await aChat();
      await backend.postMessage(channel, chat, { ...aMessage, id: clientMessageId('m-2') });
      await backend.markRead(channel, chat, 1);

      await signals.showTyping(channel, chat, { atMs: AT_MS, seenIndex: 0 });

      expect(customerIn(channel.sid)?.lastReadMessageIndex).toBe(1);
    });

    test('sets the horizon again where writing attributes has cleared it', async () => {
      const { chat, channel, signals } = await aChat();
      await backend.markRead(channel, chat, 0);
      flex.twilio.faults({ unconfirmed: { attributesKeepHorizon: 'no' } });

      await signals.showTyping(channel, chat, { atMs: AT_MS, seenIndex: 0 });

      expect(customerIn(channel.sid)?.lastReadMessageIndex).toBe(0);
    });

    test('there are no signals without it', () => {
      expect(backend.signals).toBeUndefined();
    });
  });

  test('gives a new conversation the timers that end it one day', async () => {
    const timers = { inactiveMinutes: 1440, closedMinutes: 4320 };

    const { channel } = await flex
      .connect(undefined, { timers })
      .openChannel(newChat(), { name: 'Grace' });

    expect(flex.twilio.world.conversations.get(channel.sid)).toMatchObject({
      inactiveTimerMs: 24 * 60 * 60_000,
      closedTimerMs: 3 * 24 * 60 * 60_000,
    });
  });

  test.each([
    ['made inactive by a timer after the agent had left', parkTask],
    ['left by its agent', leaveChat],
  ])('takes a chat %s for paused', async (_, go) => {
    const channel = await openRouted(newChat());
    await flex.reply(channel.sid, 'Good morning');
    const { world } = flex.twilio;
    const task = [...world.tasks.values()].at(-1);
    const conversation = world.conversations.get(channel.sid);
    if (task === undefined || conversation === undefined) throw new Error('the chat has a task');
    go(world, task);
    changeState(world, conversation, 'inactive', 'TIMER', { source: 'API', firesWebhooks: false });

    expect(await backend.service(channel)).toEqual({ kind: 'paused' });
  });

  test('reports a chat whose routing has failed as failed, inactive or not', async () => {
    const { world } = flex.twilio;
    flex.twilio.faults({ routing: { count: 1, isTold: true } });
    const channel = await openRouted(newChat());
    await flex.settled();
    const conversation = world.conversations.get(channel.sid);
    if (conversation === undefined) throw new Error('the chat has a conversation');

    const active = await backend.service(channel);
    changeState(world, conversation, 'inactive', 'TIMER', { source: 'API', firesWebhooks: false });

    expect([active, await backend.service(channel)]).toEqual([
      { kind: 'failed' },
      { kind: 'failed' },
    ]);
  });

  test('ends the task of a chat that a timer has closed', async () => {
    const channel = await openRouted(newChat());
    await flex.reply(channel.sid, 'Good morning');
    const [task] = [...flex.twilio.world.tasks.values()].slice(-1);
    if (task === undefined) throw new Error('the chat has a task');
    expireConversation(flex.twilio.world, task);

    await backend.endChannel(channel);

    expect(await flex.inspect(channel.sid)).toMatchObject({ isEnded: true, tasks: [] });
  });

  test('serves and ends a chat whose second interaction Flex has dropped without a word', async () => {
    flex.twilio.faults({ unconfirmed: { secondInteraction: 'nothing' } });
    const chat = newChat();
    const first = await openRouted(chat);
    await flex.inspect(first.sid);

    const dropped = await openRouted(chat);

    expect(dropped.taskSid).not.toBe(first.taskSid);
    expect(await backend.service(dropped)).toEqual({ kind: 'task', taskSid: first.taskSid });
    await backend.endChannel(dropped);
    expect(await flex.inspect(first.sid)).toMatchObject({ isEnded: true, tasks: [] });
  });

  test("shows agents the customer's name, and the new one from their next chat on", async () => {
    const first = newChat();
    const identity = customerIdentity(first.sessionId);
    const shown = () => flex.twilio.world.users.get(identity)?.friendlyName;

    await backend.openChannel(first, {});
    const nameless = shown();
    await backend.openChannel({ ...first, number: 2 }, { name: 'Grace' });
    const named = shown();
    await backend.openChannel({ ...first, number: 3 }, { name: 'Grace Hopper' });

    expect([nameless, named, shown()]).toEqual([null, 'Grace', 'Grace Hopper']);
  });

  test.each([404, 429, 500])(
    'opens a chat though Twilio answers the naming of its customer with %i',
    async (status) => {
      const refusing: typeof fetch = async (input, init) =>
        /\/Users\//.test(String(input))
          ? Response.json({ code: 1, message: 'refused', more_info: '', status }, { status })
          : fetch(input, init);

      const opened = await flex.connect(refusing).openChannel(newChat(), { name: 'Grace' });

      expect(opened.state).toBe('open');
      const { customers, webhooks } = await flex.inspect(opened.channel.sid);
      expect([customers, webhooks.length]).toEqual([1, 2]);
    },
  );

  test('opens a new chat of a named customer by five writes to the configured service', async () => {
    const chat = newChat();

    const requests = await requestsOf(() => backend.openChannel(chat, { name: 'Grace' }));

    expect(requests.map(({ method }) => method)).toEqual(Array(5).fill('POST'));
    expect(requests.map(({ form }) => form)).toEqual([
      {
        UniqueName: `${chat.sessionId}-1`,
        FriendlyName: 'Grace',
        Attributes: JSON.stringify({
          from: 'Grace',
          name: 'Grace',
          pre_engagement_data: { name: 'Grace' },
          task: { subject: '', cut: false, pre_engagement_data: {} },
        }),
      },
      { Identity: customerIdentity(chat.sessionId) },
      { FriendlyName: 'Grace' },
      {
        Target: 'webhook',
        'Configuration.Url': `http://127.0.0.1:9/prod/new-message/${chat.sessionId}`,
        'Configuration.Method': 'post',
        'Configuration.Filters': ['onMessageAdded', 'onMessageUpdated', 'onMessageRemoved'],
      },
      {
        Target: 'webhook',
        'Configuration.Url': `http://127.0.0.1:9/prod/channel-update/${chat.sessionId}`,
        'Configuration.Method': 'post',
        'Configuration.Filters': [
          'onParticipantAdded',
          'onParticipantRemoved',
          'onParticipantUpdated',
          'onConversationStateUpdated',
          'onConversationRemoved',
        ],
      },
    ]);
  });

  test('enables webhooks for messages, so that they echo and Studio hears them', async () => {
    const chat = newChat();
    const { channel } = await backend.openChannel(chat, {});

    const [request] = await requestsOf(() => backend.postMessage(channel, chat, aMessage));

    expect(request).toMatchObject({ webhookEnabled: true });
  });

  test('knows interaction and task of a chat that it routed', async () => {
    const channel = await openRouted(newChat());

    expect(channel).toEqual({
      sid: expect.stringMatching(/^CH/),
      interactionSid: expect.stringMatching(/^KD/),
      interactionChannelSid: expect.stringMatching(/^UO/),
      taskSid: expect.stringMatching(/^WT/),
      participantSid: expect.stringMatching(/^MB/),
    });
  });

  test('finds the participant of a channel that an earlier version opened, once', async () => {
    const chat = newChat();
    const { participantSid, ...channel } = await openRouted(chat);
    await flex.reply(channel.sid, 'hello');

    const requests = await requestsOf(async () => {
      await backend.markRead(channel, chat, 0);
      await backend.markRead(channel, chat, 0);
    });

    const customer = `${encodeURIComponent(`customer-${chat.sessionId}`)}`;
    const last = (path: string) => path.split('/').at(-1);
    expect(requests.map(({ method, url }) => [method, last(url)])).toEqual([
      ['GET', customer],
      ['POST', participantSid],
      ['POST', participantSid],
    ]);
  });

  test.each([
    ['withdraws the task of a chat that nobody has accepted', false, '{"status":"closed"}'],
    ['leaves the agent who has accepted to wrap up', true, undefined],
  ])('%s', async (_, isAccepted, routing) => {
    const channel = await openRouted(newChat());
    await flex.twilio.settled();
    if (isAccepted) await flex.reply(channel.sid, 'hello');

    const requests = await requestsOf(() => backend.endChannel(channel));

    expect(requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
    const [, closing] = requests;
    expect(closing?.url).toContain(
      `/v1/Interactions/${channel.interactionSid}/Channels/${channel.interactionChannelSid}`,
    );
    expect(closing?.form).toEqual({ Status: 'closed', ...(routing && { Routing: routing }) });
    const status = flex.twilio.world.tasks.get(channel.taskSid ?? '')?.assignmentStatus;
    expect(status).toBe(isAccepted ? 'wrapping' : 'canceled');
  });

  test('ends a chat whose known interaction is one that Flex dropped', async () => {
    const channel = await openRouted(newChat());
    await flex.twilio.settled();

    await backend.endChannel({
      ...channel,
      interactionSid: unknownSid('KD'),
      interactionChannelSid: unknownSid('UO'),
    });

    expect(await flex.inspect(channel.sid)).toMatchObject({ isEnded: true, tasks: [] });
  });

  test('takes a conversation that is gone for ended', async () => {
    await backend.endChannel({ sid: channelSid(unknownSid('CH')) });
  });

  test('leaves the end to a retry while Twilio is down', async () => {
    const channel = await openRouted(newChat());
    flex.twilio.faults({ rest: { status: 503, count: 1 } });

    await expect(backend.endChannel(channel)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    });
    expect(await flex.inspect(channel.sid)).toMatchObject({ isEnded: false });
  });

  test.each([
    [429, 'RATE_LIMITED'],
    [503, 'UPSTREAM_UNAVAILABLE'],
  ] as const)('makes of HTTP %d a %s that is worth a retry', async (status, code) => {
    const chat = newChat();
    const { channel } = await backend.openChannel(chat, {});
    flex.twilio.faults({ rest: { status, count: 1 } });

    const failed = backend.postMessage(channel, chat, aMessage);

    await expect(failed).rejects.toMatchObject({ code, retryable: true });
    await backend.postMessage(channel, chat, aMessage);
    expect(await backend.findMessage(chat, aMessage.id, Date.now())).toBeDefined();
  });

  test('finds and lists messages whose authors Flex names by their participant', async () => {
    const chat = newChat();
    const channel = await openRouted(chat);
    flex.twilio.faults({ authors: 'participant' });
    await backend.postMessage(channel, chat, aMessage);
    await flex.reply(channel.sid, 'Good morning');

    const found = await backend.findMessage(chat, aMessage.id, Date.now());
    const { messages } = await backend.listMessages(chat, -1, 10);

    const mine = { author: channel.participantSid, clientMessageId: aMessage.id };
    expect(found).toMatchObject(mine);
    expect(messages).toMatchObject([
      mine,
      { author: expect.stringMatching(/^MB/), body: 'Good morning', role: 'agent' },
    ]);
    expect(messages[1]?.author).not.toBe(channel.participantSid);
  });

  test('blames the configuration for a service that is not there', async () => {
    const misconfigured = flex.connect(undefined, { chatServiceSid: unknownSid('IS') });

    await expect(misconfigured.openChannel(newChat(), {})).rejects.toMatchObject({
      code: 'MISCONFIGURED',
    });
  });

  test('finds the name of an agent by two calls', async () => {
    const chat = newChat();
    const channel = await openRouted(chat);
    await flex.reply(channel.sid, 'hello');
    const [message] = (await backend.listMessages(chat, -1, 10)).messages;
    const author = message?.author ?? '';

    const requests = await requestsOf(async () => {
      expect(await backend.findName(author)).toBe('Ada Lovelace');
    });

    expect(requests).toHaveLength(2);
  });

  test('lists media that an agent sent', async () => {
    const chat = newChat();
    const channel = await openRouted(chat);
    const media = { filename: 'a b.png', contentType: 'image/png', size: 7 };
    await flex.replyWithMedia(channel.sid, media);

    const { messages } = await backend.listMessages(chat, -1, 10);

    expect(messages).toMatchObject([
      { role: 'agent', body: '', media: [{ id: expect.stringMatching(/^ME/), ...media }] },
    ]);
  });

  test('follows pages on no other host', async () => {
    const pages = ['https://example.com/v1/more', null];
    const elsewhere = async (): Promise<Response> =>
      Response.json({ messages: [], meta: { next_page_url: pages.shift() ?? null } });

    const read = flex.connect(elsewhere).listMessages(newChat(), 3, 10);

    await expect(read).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(pages).toEqual([null]);
  });
});

describe('createConversationsBackend with Studio', () => {
  let flex: ConversationsUnderTest;
  let backend: FlexBackend;

  beforeAll(async () => {
    flex = await conversationsUnderTest({ routing: STUDIO_ROUTING });
    backend = flex.connect();
  });
  afterAll(() => flex.stop());

  const studioWebhooks = (channel: ChannelSid) =>
    flex.twilio.world.conversations
      .get(channel)
      ?.webhooks.filter(({ target }) => target === 'studio')
      .map(({ configuration }) => configuration);

  test('lets the flow hear the conversation, once, however often it is opened', async () => {
    const chat = newChat();
    const { channel } = await backend.openChannel(chat, {});

    await backend.openChannel(chat, {});

    expect(studioWebhooks(channel.sid)).toMatchObject([
      { flowSid: STUDIO_ROUTING.flowSid, filters: ['onMessageAdded'] },
    ]);
    expect(await flex.inspect(channel.sid)).toMatchObject({ webhooks: { length: 2 } });
  });

  test('leaves the routing to the flow', async () => {
    const chat = newChat();
    const { channel } = await backend.openChannel(chat, {});

    const routed = await backend.routeChannel(channel, chat, {});

    expect(routed).toEqual(channel);
    expect((await flex.inspect(channel.sid)).tasks).toEqual([]);
  });

  test('ends the chat by the task that the flow made', async () => {
    const chat = newChat();
    const { channel } = await backend.openChannel(chat, {});
    await backend.postMessage(channel, chat, aMessage);
    expect((await flex.inspect(channel.sid)).tasks).toHaveLength(1);

    await backend.endChannel(channel);

    expect(await flex.inspect(channel.sid)).toMatchObject({ isEnded: true, tasks: [] });
  });
});

describe("a reply of Studio's Send Message widget", () => {
  test("comes by the chat service's webhook only, as a bot's", async () => {
    const receiver = await startWebhookReceiver(AUTH_TOKEN);
    const flow = { sid: STUDIO_ROUTING.flowSid, botReply: 'welcome', via: 'widget' } as const;
    const config = { routing: STUDIO_ROUTING, webhookUrl: receiver.url };
    const flex = await conversationsUnderTest(config, { studioFlows: [flow] });
    Object.assign(flex.twilio.world.chatService, {
      postWebhookUrl: `${receiver.url}/new-message`,
      webhookFilters: ['onMessageSent', 'onMediaMessageSent'],
    });
    const chat = newChat();
    const backend = flex.connect();

    const { channel } = await backend.openChannel(chat, {});
    await backend.postMessage(channel, chat, aMessage);
    await flex.settled();
    await flex.stop();
    await receiver.stop();

    const heardAt = (path: string) =>
      receiver.received
        .filter((webhook) => webhook.path === path)
        .map(({ form }) => parseFlexWebhook(form));
    const own = customerIdentity(chat.sessionId);
    const question = { kind: 'message', message: { author: own, index: 0 } };
    const reply = { kind: 'message', message: { role: 'bot', body: 'welcome', index: 1 } };
    expect(heardAt(`/new-message/${chat.sessionId}`)).toMatchObject([question]);
    expect(heardAt('/new-message')).toMatchObject([question, reply]);
  });
});
