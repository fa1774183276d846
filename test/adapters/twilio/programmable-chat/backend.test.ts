import { createProgrammableChatBackend } from '#adapters/twilio/programmable-chat/backend';
import type { ProgrammableChatConfig } from '#adapters/twilio/programmable-chat/config';
import { channelSid, clientMessageId, sessionId } from '#core/ids';
import type { ChatRef } from '#core/session';
import { flexBackendContract } from '#test/contracts/flex-backend.contract';
import { flexChatContract } from '#test/contracts/flex-chat.contract';
import { answer, fault, type Script, scriptedTwilio } from '../scripted-twilio.ts';
import { programmableChatUnderTest } from './programmable-chat-under-test.ts';

flexBackendContract('Programmable Chat', () => programmableChatUnderTest(), {
  openingCalls: 4,
  refusesLateMessages: false,
});
flexChatContract('Programmable Chat', (webhookUrl) => programmableChatUnderTest({ webhookUrl }));

const sid = (prefix: string) => `${prefix}${'0'.repeat(31)}1`;

const CHANNEL = channelSid(sid('CH'));
const TASK = sid('WT');
const CHAT: ChatRef = { sessionId: sessionId('session-1'), number: 2 };
const CUSTOMER = 'customer-session-1';

const CONFIG: ProgrammableChatConfig = {
  chatServiceSid: sid('IS'),
  workspaceSid: sid('WS'),
  flexFlowSid: sid('FO'),
  integration: 'task',
  webhookUrl: 'https://hooks.example.com/prod',
  names: { agent: 'Agent', bot: 'Assistant' },
};

const SERVICE = `chat.twilio.com/v2/Services/${CONFIG.chatServiceSid}`;
const BY_SID = `${SERVICE}/Channels/${CHANNEL}`;
const BY_NAME = `${SERVICE}/Channels/session-1-2`;
const FLEX_CHANNELS = 'flex-api.twilio.com/v1/Channels';
const TASKS = `taskrouter.twilio.com/v1/Workspaces/${CONFIG.workspaceSid}/Tasks`;

const NEW_MESSAGE_URL = 'https://hooks.example.com/prod/new-message/session-1';
const CHANNEL_UPDATE_URL = 'https://hooks.example.com/prod/channel-update/session-1';

const flexChannel = (status = 201) => answer({ sid: CHANNEL, task_sid: TASK }, status);
const chatChannel = (attributes: object) =>
  answer({ sid: CHANNEL, attributes: JSON.stringify(attributes) });
const webhooks = (...urls: string[]) =>
  answer({ webhooks: urls.map((url) => ({ configuration: { url } })), meta: {} });
const aTask = (status: string, taskSid = TASK, more: object = {}) => ({
  sid: taskSid,
  assignment_status: status,
  attributes: '{}',
  ...more,
});
const task = (status: string, more: object = {}) => answer(aTask(status, TASK, more));
const tasks = (...list: object[]) => answer({ tasks: list, meta: {} });
const created = answer({}, 201);

const aMessage = (index: number, from: string | null, more: object = {}) => ({
  index,
  from,
  body: `body ${index}`,
  attributes: '{}',
  media: null,
  date_created: '2026-01-05T10:20:30Z',
  ...more,
});
const messages = (...list: object[]) => answer({ messages: list, meta: { next_page_url: null } });

function backendOn(script: Script, config: Partial<ProgrammableChatConfig> = {}) {
  const { rest, requests } = scriptedTwilio(script);
  const backend = createProgrammableChatBackend(rest, { ...CONFIG, ...config });
  return { backend, requests, calls: () => requests.map(({ call }) => call) };
}

describe('createProgrammableChatBackend: openChannel', () => {
  const opening: Script = {
    [`POST ${FLEX_CHANNELS}`]: flexChannel(),
    [`GET ${BY_SID}/Webhooks`]: webhooks(),
    [`POST ${BY_SID}/Webhooks`]: created,
  };

  test('creates a channel named and targeted by session and chat, with two webhooks', async () => {
    const { backend, requests, calls } = backendOn(opening);

    const opened = await backend.openChannel(CHAT, { name: 'Grace', fields: { plan: 'gold' } });

    expect(opened).toEqual({ channel: { sid: CHANNEL, taskSid: TASK }, state: 'open' });
    expect(calls()).toEqual([
      `POST ${FLEX_CHANNELS}`,
      `GET ${BY_SID}/Webhooks`,
      `POST ${BY_SID}/Webhooks`,
      `POST ${BY_SID}/Webhooks`,
    ]);
    expect(requests[0]?.form).toEqual({
      FlexFlowSid: CONFIG.flexFlowSid,
      Identity: CUSTOMER,
      ChatUserFriendlyName: 'Grace',
      ChatFriendlyName: 'Grace',
      Target: 'session-1-2',
      ChatUniqueName: 'session-1-2',
      PreEngagementData: '{"plan":"gold","name":"Grace"}',
      TaskAttributes: expect.stringContaining('"channelType":"web"'),
    });
    expect(requests.slice(2).map(({ form }) => form)).toEqual([
      {
        Type: 'webhook',
        'Configuration.Url': NEW_MESSAGE_URL,
        'Configuration.Method': 'POST',
        'Configuration.Filters': [
          'onMessageSent',
          'onMediaMessageSent',
          'onMessageUpdated',
          'onMessageRemoved',
        ],
        'Configuration.RetryCount': '3',
      },
      {
        Type: 'webhook',
        'Configuration.Url': CHANNEL_UPDATE_URL,
        'Configuration.Method': 'POST',
        'Configuration.Filters': [
          'onChannelUpdated',
          'onChannelDestroyed',
          'onMemberAdded',
          'onMemberRemoved',
          'onMemberUpdated',
        ],
        'Configuration.RetryCount': '3',
      },
    ]);
  });

  test.each(['studio', 'external'] as const)(
    'gives no task to the flow of %s',
    async (integration) => {
      const flow = answer({ sid: CHANNEL, task_sid: null }, 201);
      const script = { ...opening, [`POST ${FLEX_CHANNELS}`]: flow };
      const { backend, requests } = backendOn(script, { integration });

      const { channel } = await backend.openChannel(CHAT, {});

      expect(await backend.routeChannel(channel, CHAT, {})).toEqual({ sid: CHANNEL });
      expect(requests).toHaveLength(4);
      expect(requests[0]?.form).not.toHaveProperty('TaskAttributes');
      expect(requests[0]?.form).toMatchObject({ ChatUserFriendlyName: 'Customer' });
    },
  );

  test.each([200, 201])('takes a channel that is answered again with %d', async (status) => {
    const { backend, calls } = backendOn({
      [`POST ${FLEX_CHANNELS}`]: flexChannel(status),
      [`GET ${BY_SID}/Webhooks`]: webhooks(NEW_MESSAGE_URL, CHANNEL_UPDATE_URL),
      [`GET ${BY_SID}`]: chatChannel({ status: 'ACTIVE' }),
    });

    const opened = await backend.openChannel(CHAT, {});

    expect(opened).toEqual({ channel: { sid: CHANNEL, taskSid: TASK }, state: 'open' });
    expect(calls()).not.toContain(`POST ${BY_SID}/Webhooks`);
  });

  test('adds the webhook that an earlier attempt did not reach', async () => {
    const { backend, requests } = backendOn({
      ...opening,
      [`GET ${BY_SID}/Webhooks`]: webhooks('https://other.example.com/', NEW_MESSAGE_URL),
      [`GET ${BY_SID}`]: chatChannel({ status: 'ACTIVE' }),
    });

    await backend.openChannel(CHAT, {});

    const added = requests.filter(({ call }) => call === `POST ${BY_SID}/Webhooks`);
    expect(added.map(({ form }) => form['Configuration.Url'])).toEqual([CHANNEL_UPDATE_URL]);
    expect(requests.length).toBeLessThanOrEqual(5);
  });

  test('does not read the state of a channel that has only webhooks of others', async () => {
    const { backend, calls } = backendOn({
      ...opening,
      [`GET ${BY_SID}/Webhooks`]: webhooks('https://other.example.com/'),
    });

    await backend.openChannel(CHAT, {});

    expect(calls()).not.toContain(`GET ${BY_SID}`);
  });

  test('sees that a channel answered again has ended', async () => {
    const { backend } = backendOn({
      ...opening,
      [`GET ${BY_SID}/Webhooks`]: webhooks(NEW_MESSAGE_URL),
      [`GET ${BY_SID}`]: chatChannel({ status: 'INACTIVE' }),
    });

    const opened = await backend.openChannel(CHAT, {});

    expect(opened).toEqual({ channel: { sid: CHANNEL }, state: 'ended' });
  });

  test.each([
    [400, 45208],
    [409, 45208],
    [409, 50307],
  ])(
    'takes a chat whose name is taken (%d, %d) by an inactive channel for ended',
    async (status, code) => {
      const { backend, calls } = backendOn({
        [`POST ${FLEX_CHANNELS}`]: fault(status, code),
        [`GET ${BY_NAME}`]: chatChannel({ status: 'INACTIVE', task_sid: TASK }),
        [`GET ${BY_SID}/Webhooks`]: webhooks(NEW_MESSAGE_URL, CHANNEL_UPDATE_URL),
      });

      const opened = await backend.openChannel(CHAT, {});

      expect(opened).toEqual({ channel: { sid: CHANNEL }, state: 'ended' });
      expect(calls().filter((call) => call.startsWith('POST'))).toEqual([`POST ${FLEX_CHANNELS}`]);
    },
  );

  test('goes on with an active channel that has the name', async () => {
    const { backend, requests } = backendOn({
      ...opening,
      [`POST ${FLEX_CHANNELS}`]: fault(409, 50307),
      [`GET ${BY_NAME}`]: chatChannel({ status: 'ACTIVE', task_sid: TASK }),
    });

    const opened = await backend.openChannel(CHAT, {});

    expect(opened).toEqual({ channel: { sid: CHANNEL, taskSid: TASK }, state: 'open' });
    expect(requests).toHaveLength(5);
  });

  test.each([
    ['a Flex Flow that is not there', { [`POST ${FLEX_CHANNELS}`]: fault(404, 45205) }],
    [
      'a name that is taken in another chat service',
      { [`POST ${FLEX_CHANNELS}`]: fault(409, 50307), [`GET ${BY_NAME}`]: fault(404, 20404) },
    ],
    ['a Flex API that is not there', { [`POST ${FLEX_CHANNELS}`]: fault(404, 20404) }],
    [
      'a chat service other than that of the Flex Flow',
      {
        [`POST ${FLEX_CHANNELS}`]: flexChannel(),
        [`GET ${BY_SID}/Webhooks`]: fault(404, 20404),
      },
    ],
  ])('blames the configuration for %s', async (_what, script) => {
    const { backend } = backendOn(script);

    await expect(backend.openChannel(CHAT, {})).rejects.toMatchObject({ code: 'MISCONFIGURED' });
  });
});

describe('createProgrammableChatBackend: endChannel', () => {
  const active = chatChannel({ status: 'ACTIVE', from: 'Grace', long_lived: false });
  const noTasks = answer({ tasks: [], meta: {} });
  const script: Script = {
    [`GET ${TASKS}`]: noTasks,
    [`GET ${BY_SID}`]: active,
    [`POST ${BY_SID}`]: active,
  };

  test.each([
    ['pending', 'canceled'],
    ['reserved', 'canceled'],
    ['assigned', 'wrapping'],
  ])('moves a task that is %s to %s, then sets the status', async (status, next) => {
    const { backend, requests } = backendOn({
      ...script,
      [`GET ${TASKS}/${TASK}`]: task(status),
      [`POST ${TASKS}/${TASK}`]: task(next),
    });

    await backend.endChannel({ sid: CHANNEL, taskSid: TASK });

    expect(requests.filter(({ call }) => call.startsWith('POST'))).toEqual([
      {
        call: `POST ${TASKS}/${TASK}`,
        form: { AssignmentStatus: next, Reason: expect.any(String) },
        webhookEnabled: false,
      },
      {
        call: `POST ${BY_SID}`,
        form: { Attributes: '{"status":"INACTIVE","from":"Grace","long_lived":false}' },
        webhookEnabled: true,
      },
    ]);
  });

  test.each(['wrapping', 'completed', 'canceled'])(
    'leaves a task that is %s alone',
    async (status) => {
      const { backend, calls } = backendOn({ ...script, [`GET ${TASKS}/${TASK}`]: task(status) });

      await backend.endChannel({ sid: CHANNEL, taskSid: TASK });

      expect(calls()).not.toContain(`POST ${TASKS}/${TASK}`);
      expect(calls()).toContain(`POST ${BY_SID}`);
    },
  );

  test('wraps up a task that an agent took while it was to be cancelled', async () => {
    const { backend, requests } = backendOn({
      ...script,
      [`GET ${TASKS}/${TASK}`]: [task('reserved'), task('assigned')],
      [`POST ${TASKS}/${TASK}`]: [fault(400, 20001), task('wrapping')],
    });

    await backend.endChannel({ sid: CHANNEL, taskSid: TASK });

    const steps = requests.filter(({ call }) => call === `POST ${TASKS}/${TASK}`);
    expect(steps.map(({ form }) => form['AssignmentStatus'])).toEqual(['canceled', 'wrapping']);
  });

  test('ends the chat although TaskRouter refuses every step', async () => {
    const { backend, calls } = backendOn({
      ...script,
      [`GET ${TASKS}/${TASK}`]: task('assigned'),
      [`POST ${TASKS}/${TASK}`]: fault(400, 20001),
    });

    await backend.endChannel({ sid: CHANNEL, taskSid: TASK });

    expect(calls().filter((call) => call === `POST ${TASKS}/${TASK}`)).toHaveLength(3);
    expect(calls()).toContain(`POST ${BY_SID}`);
  });

  test('ends a chat whose task is deleted already', async () => {
    const { backend, calls } = backendOn({
      ...script,
      [`GET ${TASKS}/${TASK}`]: fault(404, 20404),
    });

    await backend.endChannel({ sid: CHANNEL, taskSid: TASK });

    expect(calls()).toContain(`POST ${BY_SID}`);
  });

  test('asks Flex for the task that its flow made', async () => {
    const { backend, calls } = backendOn({
      ...script,
      [`GET ${FLEX_CHANNELS}/${CHANNEL}`]: flexChannel(200),
      [`GET ${TASKS}/${TASK}`]: task('assigned'),
      [`POST ${TASKS}/${TASK}`]: task('wrapping'),
    });

    await backend.endChannel({ sid: CHANNEL });

    expect(calls()).toContain(`POST ${TASKS}/${TASK}`);
  });

  test("finds a Studio flow's task by the channel", async () => {
    const { backend, requests } = backendOn(
      {
        ...script,
        [`GET ${TASKS}`]: tasks(aTask('pending')),
        [`GET ${TASKS}/${TASK}`]: task('pending'),
        [`POST ${TASKS}/${TASK}`]: task('canceled'),
      },
      { integration: 'studio' },
    );

    await backend.endChannel({ sid: CHANNEL });

    expect(requests[0]).toMatchObject({
      call: `GET ${TASKS}`,
      form: { EvaluateTaskAttributes: `channelSid == "${CHANNEL}"` },
    });
    expect(requests.map(({ call }) => call)).toContain(`POST ${TASKS}/${TASK}`);
  });

  test('ends the known task once, and the task of a transfer too', async () => {
    const transferred = `WT${'0'.repeat(31)}2`;
    const { backend, calls } = backendOn({
      ...script,
      [`GET ${TASKS}`]: tasks(aTask('completed'), aTask('assigned', transferred)),
      [`GET ${TASKS}/${TASK}`]: task('completed'),
      [`GET ${TASKS}/${transferred}`]: task('assigned'),
      [`POST ${TASKS}/${transferred}`]: task('wrapping'),
    });

    await backend.endChannel({ sid: CHANNEL, taskSid: TASK });

    expect(calls().filter((call) => call === `GET ${TASKS}/${TASK}`)).toHaveLength(1);
    expect(calls()).toContain(`POST ${TASKS}/${transferred}`);
  });

  test('writes nothing to a channel that is inactive already', async () => {
    const { backend, calls } = backendOn(
      { ...script, [`GET ${BY_SID}`]: chatChannel({ status: 'INACTIVE' }) },
      { integration: 'external' },
    );

    await backend.endChannel({ sid: CHANNEL });

    expect(calls()).not.toContain(`POST ${BY_SID}`);
  });

  test('takes a channel that is gone for ended', async () => {
    const { backend } = backendOn({
      [`GET ${FLEX_CHANNELS}/${CHANNEL}`]: fault(404, 45204),
      [`GET ${TASKS}`]: noTasks,
      [`GET ${BY_SID}`]: fault(404, 50300),
    });

    await backend.endChannel({ sid: CHANNEL });
  });

  test('leaves the end to a retry while TaskRouter is down', async () => {
    const { backend, calls } = backendOn({
      ...script,
      [`GET ${TASKS}/${TASK}`]: fault(503, 20503),
    });

    const ended = backend.endChannel({ sid: CHANNEL, taskSid: TASK });

    await expect(ended).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(calls()).not.toContain(`POST ${BY_SID}`);
  });
});

describe('createProgrammableChatBackend: channelState', () => {
  test.each([
    ['{"status":"ACTIVE"}', 'open'],
    ['{"status":"INACTIVE"}', 'ended'],
    ['{}', 'open'],
    ['[]', 'open'],
    ['no JSON', 'open'],
  ])('reads the attributes %s as %s', async (attributes, state) => {
    const { backend } = backendOn({ [`GET ${BY_NAME}`]: answer({ sid: CHANNEL, attributes }) });

    expect(await backend.channelState(CHAT)).toBe(state);
  });

  test('knows no state of a channel that the service does not have', async () => {
    const { backend } = backendOn({
      [`GET ${BY_NAME}`]: fault(404, 20404),
      [`GET ${SERVICE}`]: answer({}),
    });

    expect(await backend.channelState(CHAT)).toBeUndefined();
  });

  test('does not mistake a service that is not there for one without the channel', async () => {
    const { backend } = backendOn({
      [`GET ${BY_NAME}`]: fault(404, 20404),
      [`GET ${SERVICE}`]: fault(404, 20404),
    });

    await expect(backend.channelState(CHAT)).rejects.toMatchObject({ code: 'MISCONFIGURED' });
  });

  test('does not mistake an outage for an unknown channel', async () => {
    const { backend } = backendOn({ [`GET ${BY_NAME}`]: fault(503, 20503) });

    await expect(backend.channelState(CHAT)).rejects.toMatchObject({ retryable: true });
  });
});

describe('createProgrammableChatBackend: messages', () => {
  const userOf = (identity: string) => `GET ${SERVICE}/Users/${identity}`;
  const noWorkers = { 'GET taskrouter.twilio.com/v1/Workspaces': answer({ workers: [] }) };
  const media = { sid: sid('ME'), filename: 'a b.png', content_type: 'image/png', size: 7 };

  test('posts as the customer, heard by webhooks and the flow', async () => {
    const script = { [`POST ${BY_SID}/Messages`]: answer(aMessage(3, CUSTOMER), 201) };
    const { backend, requests } = backendOn(script);
    const message = { id: clientMessageId('m-1'), body: 'hello', attributes: { colour: 'blue' } };

    await backend.postMessage({ sid: CHANNEL }, CHAT, message);

    expect(requests).toEqual([
      {
        call: `POST ${BY_SID}/Messages`,
        form: {
          From: CUSTOMER,
          Body: 'hello',
          Attributes: '{"colour":"blue","clientMessageId":"m-1"}',
        },
        webhookEnabled: true,
      },
    ]);
  });

  const transcript: Script = {
    ...noWorkers,
    [`GET ${BY_NAME}/Messages`]: messages(
      aMessage(0, CUSTOMER),
      aMessage(1, 'Flow Bot'),
      aMessage(2, 'ann_40example_2Ecom'),
      aMessage(3, null),
      aMessage(4, 'ann_40example_2Ecom', { body: '', media }),
    ),
    [userOf('Flow%20Bot')]: fault(404, 20404),
    [userOf('ann_40example_2Ecom')]: answer({ friendly_name: 'Ann Lee' }),
  };

  test('treats authors who are users of the service as agents', async () => {
    const { backend } = backendOn(transcript);

    const page = await backend.listMessages(CHAT, -1, 50);

    expect(page.complete).toBe(true);
    expect(page.messages.slice(1).map(({ role }) => role)).toEqual([
      'bot',
      'agent',
      'system',
      'agent',
    ]);
  });

  test('lists the media of a message', async () => {
    const { backend } = backendOn(transcript);

    const { messages: listed } = await backend.listMessages(CHAT, -1, 50);

    const { sid: id, content_type: contentType, filename, size } = media;
    expect(listed[4]).toMatchObject({ body: '', media: [{ id, filename, contentType, size }] });
    expect(listed[2]).not.toHaveProperty('media');
  });

  test('asks once for each author, and for names with them', async () => {
    const { backend, calls } = backendOn(transcript);

    await backend.listMessages(CHAT, -1, 50);
    await backend.listMessages(CHAT, -1, 50);
    const name = await backend.findName('ann_40example_2Ecom');

    expect(name).toBe('Ann Lee');
    expect(calls().filter((call) => call.includes('/Users/'))).toHaveLength(2);
  });

  test('does not guess roles while Twilio does not tell who is a user', async () => {
    const { backend } = backendOn({
      ...transcript,
      [userOf('ann_40example_2Ecom')]: [fault(503, 20503), answer({ friendly_name: 'Ann Lee' })],
    });

    await expect(backend.listMessages(CHAT, -1, 50)).rejects.toMatchObject({ retryable: true });
    expect((await backend.listMessages(CHAT, -1, 50)).messages[2]?.role).toBe('agent');
  });

  test('finds no name of an agent whose user is gone', async () => {
    const { backend } = backendOn({ [userOf('gone')]: fault(404, 50200), ...noWorkers });

    expect(await backend.findName('gone')).toBe('');
  });

  test("does not take somebody else's message for the customer's", async () => {
    const attributes = '{"clientMessageId":"m-1"}';
    const { backend } = backendOn({
      [`GET ${BY_NAME}/Messages`]: messages(
        aMessage(1, 'Flow Bot', { attributes }),
        aMessage(0, CUSTOMER, { attributes }),
      ),
    });

    expect(await backend.findMessage(CHAT, clientMessageId('m-1'), 0)).toMatchObject({ index: 0 });
  });

  test("publishes the customer's read horizon as that of the member", async () => {
    const member = `POST ${BY_SID}/Members/${CUSTOMER}`;
    const { backend, requests } = backendOn({ [member]: answer({}) });

    await backend.markRead({ sid: CHANNEL }, CHAT, 4);

    expect(requests).toMatchObject([{ call: member, form: { LastConsumedMessageIndex: '4' } }]);
  });
});

describe('createProgrammableChatBackend with Studio', () => {
  test('lets the flow make a task of the first message, and ends it with the chat', async () => {
    const flex = await programmableChatUnderTest({ integration: 'studio' });
    const backend = flex.connect();
    const message = { id: clientMessageId('m-1'), body: 'hello' };

    const { channel } = await backend.openChannel(CHAT, {});
    const routed = await backend.routeChannel(channel, CHAT, {});
    const opened = await flex.inspect(channel.sid);
    await backend.postMessage(routed, CHAT, message);
    const asked = await flex.inspect(channel.sid);
    await backend.endChannel(routed);
    const ended = await flex.inspect(channel.sid);
    await flex.stop();

    expect(routed).toEqual({ sid: channel.sid });
    expect(opened).toMatchObject({ tasks: [], webhooks: { length: 2 } });
    expect(asked.tasks).toMatchObject([{ attributes: { channelSid: channel.sid } }]);
    expect(ended).toMatchObject({ tasks: [], isEnded: true });
  });
});
