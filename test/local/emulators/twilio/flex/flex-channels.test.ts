import { signWebhook } from '#local/emulators/twilio/webhooks/signature';
import {
  addWebhook,
  attributesOf,
  CHANNELS,
  createFlow,
  FLEX,
  heard,
  openChannel,
  SERVICE,
  TASK_INTEGRATION,
  tasksOf,
} from '../support/programmable-chat-stage.ts';
import {
  ACCOUNT,
  CUSTOMER,
  ENABLED,
  type Form,
  type Json,
  type Stage,
  setStage,
} from '../support/stage.ts';

const STUDIO: Form = [
  ['IntegrationType', 'studio'],
  ['Integration.FlowSid', ACCOUNT.studioFlows[0]?.sid ?? ''],
];

let stage: Stage;

const say = (channel: string, body: string, headers: object = ENABLED) =>
  stage.rest(
    'POST',
    `${CHANNELS}/${channel}/Messages`,
    [
      ['From', CUSTOMER],
      ['Body', body],
    ],
    headers,
  );

const setStatus = (channel: string, status: string) =>
  stage.rest('POST', `${CHANNELS}/${channel}`, [['Attributes', JSON.stringify({ status })]]);

const messagesOf = async (channel: string): Promise<string[]> =>
  (await stage.rest('GET', `${CHANNELS}/${channel}/Messages`)).body.messages.map(
    ({ body }: Json) => body,
  );

describe('Flex Channels', () => {
  beforeEach(async () => {
    stage = await setStage();
  });
  afterEach(async () => stage.close());

  test('bring a private channel with the customer in it', async () => {
    const flow = await createFlow(stage, STUDIO);

    const { status, body } = await openChannel(stage, flow, [
      ['ChatUniqueName', 'chat-1'],
      ['PreEngagementData', '{"email":"grace@example.com"}'],
    ]);

    const channel = await stage.rest('GET', `${CHANNELS}/${body.sid}`);
    const members = await stage.rest('GET', `${CHANNELS}/${body.sid}/Members`);
    const user = await stage.rest('GET', `${SERVICE}/Users/${CUSTOMER}`);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      sid: expect.stringMatching(/^CH/),
      flex_flow_sid: flow,
      user_sid: user.body.sid,
      task_sid: null,
    });
    expect(channel.body).toMatchObject({
      unique_name: 'chat-1',
      friendly_name: 'Chat with Grace',
      type: 'private',
      created_by: 'system',
    });
    expect(JSON.parse(channel.body.attributes)).toEqual({
      status: 'ACTIVE',
      long_lived: false,
      from: 'Grace',
      channel_type: 'custom',
      pre_engagement_data: { email: 'grace@example.com' },
    });
    expect(members.body.members).toMatchObject([{ identity: CUSTOMER }]);
    expect(user.body.friendly_name).toBe('Grace');
  });

  test('name the target, where there is one, as who the chat is from', async () => {
    const flow = await createFlow(stage, STUDIO);

    const { body } = await openChannel(stage, flow, [['Target', 'session-1']]);

    expect(await attributesOf(stage, body.sid)).toMatchObject({ from: 'session-1' });
  });

  test('are the same for the same target as long as they are active', async () => {
    const flow = await createFlow(stage, STUDIO);
    const target: Form = [['Target', 'session-1']];

    const first = await openChannel(stage, flow, target);
    const again = await openChannel(stage, flow, target);
    const other = await openChannel(stage, flow, [['Target', 'session-2']]);
    await setStatus(first.body.sid, 'INACTIVE');
    const later = await openChannel(stage, flow, target);

    expect(again).toMatchObject({ status: 201, body: { sid: first.body.sid } });
    expect(other.body.sid).not.toBe(first.body.sid);
    expect(later).toMatchObject({ status: 201 });
    expect(later.body.sid).not.toBe(first.body.sid);
  });

  test('answer a repeat with 200 if so configured', async () => {
    await stage.close();
    stage = await setStage({ flexChannelReuseStatus: 200 });
    const flow = await createFlow(stage, STUDIO);
    const target: Form = [['Target', 'session-1']];

    const statuses = [];
    for (let count = 0; count < 2; count += 1) {
      statuses.push((await openChannel(stage, flow, target)).status);
    }

    expect(statuses).toEqual([201, 200]);
  });

  test('refuse a unique name that is taken, also by an ended chat', async () => {
    const flow = await createFlow(stage, STUDIO);
    const form: Form = [
      ['Target', 'session-1'],
      ['ChatUniqueName', 'chat-1'],
    ];
    const { body } = await openChannel(stage, flow, form);
    await setStatus(body.sid, 'INACTIVE');

    const again = await openChannel(stage, flow, form);

    expect(again).toMatchObject({ status: 409, body: { code: 45208 } });
  });

  test('are listed, looked up and deleted', async () => {
    const { body } = await openChannel(stage, await createFlow(stage, STUDIO));
    const url = `${FLEX}/Channels/${body.sid}`;

    const listed = await stage.rest('GET', `${FLEX}/Channels`);
    const deleted = await stage.rest('DELETE', url);

    expect(listed.body.flex_chat_channels).toMatchObject([{ sid: body.sid }]);
    expect(deleted.status).toBe(204);
    expect(await stage.rest('GET', url)).toMatchObject({ status: 404, body: { code: 45204 } });
    expect((await stage.rest('GET', `${CHANNELS}/${body.sid}`)).status).toBe(404);
  });

  test('are refused for a flow that is unknown or not enabled', async () => {
    const flow = await createFlow(stage, STUDIO);
    await stage.rest('POST', `${FLEX}/FlexFlows/${flow}`, [['Enabled', 'false']]);

    const disabled = await openChannel(stage, flow);
    const unknown = await openChannel(stage, `FO${'9'.repeat(32)}`);

    expect(disabled).toMatchObject({ status: 400, body: { code: 45205 } });
    expect(unknown).toMatchObject({ status: 404, body: { code: 45205 } });
  });

  describe('with the integration task', () => {
    test('come with a task that carries what was given for it', async () => {
      const flow = await createFlow(stage, [...TASK_INTEGRATION, ['Integration.Channel', 'chat']]);

      const { body } = await openChannel(stage, flow, [
        ['TaskAttributes', '{"department":"sales"}'],
      ]);

      const task = await stage.twilio.world.tasks.get(body.task_sid);
      expect(task).toMatchObject({
        assignmentStatus: 'pending',
        taskChannelUniqueName: 'chat',
        attributes: {
          channelSid: body.sid,
          channelType: 'custom',
          name: 'Grace',
          department: 'sales',
        },
      });
      expect(await attributesOf(stage, body.sid)).toMatchObject({ task_sid: body.task_sid });
    });

    test('are refused with attributes of more than 4,096 characters', async () => {
      const flow = await createFlow(stage, TASK_INTEGRATION);
      const openWith = (length: number) => {
        const name = 'n'.repeat(length - '{"name":""}'.length);
        return openChannel(stage, flow, [['TaskAttributes', JSON.stringify({ name })]]);
      };

      const refused = await openWith(4_097);
      const tasks = await tasksOf(stage);
      const taken = await openWith(4_096);

      expect(refused).toMatchObject({ status: 400, body: { code: 20001 } });
      expect(refused.body.message).toContain('4096');
      expect(tasks).toEqual([]);
      expect(taken.status).toBe(201);
    });

    test('get their task with the first message if so configured', async () => {
      const flow = await createFlow(stage, [
        ...TASK_INTEGRATION,
        ['Integration.CreationOnMessage', 'true'],
      ]);
      const { body } = await openChannel(stage, flow);

      await say(body.sid, 'untold', {});
      const before = await tasksOf(stage);
      await say(body.sid, 'Hello');
      await say(body.sid, 'Anybody there?');

      const after = await tasksOf(stage);
      const looked = await stage.rest('GET', `${FLEX}/Channels/${body.sid}`);
      expect(body.task_sid).toBeNull();
      expect(before).toEqual([]);
      expect(after).toMatchObject([{ channelSid: body.sid }]);
      expect(looked.body.task_sid).toBe(after[0].sid);
    });

    test.each(['true', 'false'])('get no second one, long-lived: %s', async (longLived) => {
      const flow = await createFlow(stage, [...TASK_INTEGRATION, ['LongLived', longLived]]);
      const { body } = await openChannel(stage, flow);

      await say(body.sid, 'Hello');

      expect(await tasksOf(stage)).toMatchObject([{ sid: body.task_sid }]);
    });

    test('get no other one after the end of the chat', async () => {
      const flow = await createFlow(stage, TASK_INTEGRATION);
      const { body } = await openChannel(stage, flow);
      await stage.desk('POST', `/agent/tasks/${body.task_sid}/accept`);
      await stage.desk('POST', `/agent/tasks/${body.task_sid}/complete`);

      await say(body.sid, 'Thanks');

      expect(await tasksOf(stage)).toMatchObject([{ sid: body.task_sid, status: 'completed' }]);
    });

    test('take a task that exists', async () => {
      const flow = await createFlow(stage, TASK_INTEGRATION);
      const { body: task } = await stage.rest(
        'POST',
        `taskrouter.twilio.com/v1/Workspaces/${ACCOUNT.workspaceSid}/Tasks`,
      );

      const { body } = await openChannel(stage, flow, [['TaskSid', task.sid]]);

      expect(body.task_sid).toBe(task.sid);
      expect(await tasksOf(stage)).toMatchObject([{ sid: task.sid, channelSid: body.sid }]);
    });

    test('refuse a task for another integration', async () => {
      const flow = await createFlow(stage, STUDIO);

      const { status } = await openChannel(stage, flow, [['TaskSid', `WT${'9'.repeat(32)}`]]);

      expect(status).toBe(400);
    });
  });

  describe('with the integration studio', () => {
    test('are answered and sent to Flex with the first message that is heard, once', async () => {
      const flow = await createFlow(stage, STUDIO);
      const { body } = await openChannel(stage, flow, [
        ['PreEngagementData', '{"name":"Grace Hopper"}'],
      ]);

      await say(body.sid, 'untold', {});
      expect(await tasksOf(stage)).toEqual([]);
      await say(body.sid, 'Hello');
      await stage.twilio.settled();
      await say(body.sid, 'Anybody there?');

      expect(await tasksOf(stage)).toMatchObject([
        {
          channelSid: body.sid,
          attributes: {
            name: 'Grace Hopper',
            channelType: 'web',
            channelSid: body.sid,
            pre_engagement_data: { name: 'Grace Hopper' },
          },
        },
      ]);
      expect(await messagesOf(body.sid)).toEqual([
        'untold',
        'Hello',
        'Hello, I am a bot.',
        'Anybody there?',
      ]);
    });

    test('stay silent once the flow is disabled', async () => {
      const flow = await createFlow(stage, STUDIO);
      const { body } = await openChannel(stage, flow);
      await stage.rest('POST', `${FLEX}/FlexFlows/${flow}`, [['Enabled', 'false']]);

      await say(body.sid, 'Hello');
      await stage.twilio.settled();

      expect(await messagesOf(body.sid)).toEqual(['Hello']);
      expect(await tasksOf(stage)).toEqual([]);
    });

    test('make no interaction', async () => {
      const { body } = await openChannel(stage, await createFlow(stage, STUDIO));

      await say(body.sid, 'Hello');
      await stage.twilio.settled();

      expect(stage.twilio.world.interactions.size).toBe(0);
    });
  });

  describe('with the integration external', () => {
    test('pass every message that is heard on, signed', async () => {
      const flow = await createFlow(stage, [
        ['IntegrationType', 'external'],
        ['Integration.Url', stage.hookUrl],
      ]);
      const { body } = await openChannel(stage, flow);

      await say(body.sid, 'untold', {});
      await say(body.sid, 'Hello');

      expect(await heard(stage)).toMatchObject([
        {
          EventType: 'onMessageSent',
          InstanceSid: ACCOUNT.chatServiceSid,
          ChannelSid: body.sid,
          From: CUSTOMER,
          Body: 'Hello',
          Source: 'API',
        },
      ]);
      const [call] = stage.calls;
      expect(call?.headers['x-twilio-signature']).toBe(
        signWebhook(ACCOUNT.authToken, stage.hookUrl, call?.form ?? {}),
      );
      expect(await tasksOf(stage)).toEqual([]);
    });

    test('try three times more unless told otherwise', async () => {
      await stage.close();
      stage = await setStage({}, () => 503);
      const flow = await createFlow(stage, [
        ['IntegrationType', 'external'],
        ['Integration.Url', stage.hookUrl],
      ]);
      const { body } = await openChannel(stage, flow);

      await say(body.sid, 'Hello');

      expect((await heard(stage)).map(({ RetryCount }) => RetryCount)).toEqual([
        '0',
        '1',
        '2',
        '3',
      ]);
    });
  });

  test('fire no webhook of the service when they are made', async () => {
    await stage.rest('POST', SERVICE, [
      ['PostWebhookUrl', stage.hookUrl],
      ['WebhookFilters', 'onChannelAdded'],
      ['WebhookFilters', 'onMemberAdded'],
    ]);

    const { body } = await openChannel(stage, await createFlow(stage, TASK_INTEGRATION));

    await addWebhook(stage, body.sid, ['onChannelUpdated']);
    expect(await heard(stage)).toEqual([]);
  });
});
