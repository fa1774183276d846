import {
  ACCOUNT,
  type Answer,
  type Call,
  type Form,
  type Stage,
  setStage,
} from '../support/stage.ts';

const FLEX = 'flex-api.twilio.com/v1';
const WEBHOOKS = `${FLEX}/Instances/${ACCOUNT.flexInstanceSid}/InteractionWebhooks`;
const EVENTS = [
  'onInteractionCreated',
  'onChannelCreated',
  'onChannelStatusUpdated',
  'onParticipantJoined',
  'onParticipantLeft',
];

let stage: Stage;
let conversation: string;
let task: string;

const create = (form: Form = []): Promise<Answer> =>
  stage.rest('POST', WEBHOOKS, [
    ['WebhookUrl', stage.hookUrl],
    ...EVENTS.map((event) => ['WebhookEvents', event] as const),
    ['FriendlyName', 'ours'],
    ...form,
  ]);

async function interact(more: Form = []): Promise<Answer> {
  conversation = (await stage.openConversation()).slice(-34);
  const properties = { media_channel_sid: conversation };
  const interaction = await stage.rest('POST', `${FLEX}/Interactions`, [
    ['Channel', JSON.stringify({ type: 'web', initiated_by: 'customer', properties })],
    ['Routing', JSON.stringify({ properties: { workspace_sid: ACCOUNT.workspaceSid } })],
    ...more,
  ]);
  task = `/agent/tasks/${interaction.body.routing?.properties.sid}`;
  await stage.twilio.settled();
  return interaction;
}

async function eventsAfter(act: () => Promise<unknown>): Promise<Call['form'][]> {
  stage.calls.length = 0;
  await act();
  await stage.twilio.settled();
  return stage.calls
    .map(({ form }) => form)
    .toSorted((one, other) => (one['EventType'] ?? '').localeCompare(other['EventType'] ?? ''));
}

const typesAfter = async (act: () => Promise<unknown>) =>
  (await eventsAfter(act)).map(({ EventType }) => EventType);

const accept = () => stage.desk('POST', `${task}/accept`, { name: 'Ada' });

describe('interaction webhooks', () => {
  beforeEach(async () => {
    stage = await setStage();
  });
  afterEach(async () => stage.close());

  test('are created, listed by type, changed and deleted', async () => {
    const global = await create();
    const bound = await create([['Type', 'interaction']]);
    const { ttid } = bound.body;

    const listed = await stage.rest('GET', `${WEBHOOKS}?type=interaction`);
    const all = await stage.rest('GET', WEBHOOKS);
    const changed = await stage.rest('POST', `${WEBHOOKS}/${ttid}`, [
      ['WebhookEvents', 'onParticipantLeft'],
    ]);
    const deleted = await stage.rest('DELETE', `${WEBHOOKS}/${ttid}`);

    expect(global).toMatchObject({
      status: 201,
      body: {
        ttid: expect.stringMatching(/^flex_interactionwebhook_\w+$/),
        instance_sid: ACCOUNT.flexInstanceSid,
        webhook_url: stage.hookUrl,
        webhook_events: EVENTS,
        webhook_method: 'POST',
        friendly_name: 'ours',
        type: 'global',
      },
    });
    expect(listed.body.data).toMatchObject([{ ttid, type: 'interaction' }]);
    expect(all.body.data).toHaveLength(2);
    expect(changed.body).toMatchObject({
      ttid,
      webhook_events: ['onParticipantLeft'],
      webhook_url: stage.hookUrl,
    });
    expect(deleted.status).toBe(204);
    expect((await stage.rest('GET', `${WEBHOOKS}/${ttid}`)).status).toBe(404);
  });

  test('take both spellings of their documentation', async () => {
    const { body } = await stage.rest('POST', WEBHOOKS, [
      ['WebhookUrl', stage.hookUrl],
      ['Filters', 'onParticipantLeft'],
      ['Method', 'GET'],
    ]);

    expect(body).toMatchObject({ webhook_events: ['onParticipantLeft'], webhook_method: 'GET' });
  });

  test.each<[string, Form]>([
    ['without an address', [['WebhookEvents', 'onParticipantLeft']]],
    ['without events', [['WebhookUrl', 'https://example.com/']]],
    ['for an event of Conversations', [['WebhookEvents', 'onMessageAdded']]],
  ])('are refused %s', async (_, form) => {
    expect((await stage.rest('POST', WEBHOOKS, form)).status).toBe(400);
  });

  test('are unknown for another instance', async () => {
    const other = WEBHOOKS.replace(ACCOUNT.flexInstanceSid, `GO${'9'.repeat(32)}`);

    expect((await stage.rest('GET', other)).status).toBe(404);
  });

  test('tell how an interaction begins', async () => {
    await create();
    let interaction: Answer | undefined;

    const events = await eventsAfter(async () => {
      interaction = await interact();
    });

    const common = {
      AccountSid: ACCOUNT.accountSid,
      InteractionSid: interaction?.body.sid,
      MediaChannelSid: conversation,
      MediaChannelType: 'web',
    };
    const InstanceSid = ACCOUNT.flexInstanceSid;
    const ChannelSid = interaction?.body.channel.sid;
    expect(events).toEqual([
      { EventType: 'onChannelCreated', ...common, InstanceSid, ChannelSid },
      {
        EventType: 'onChannelStatusUpdated',
        ...common,
        InstanceSid,
        ChannelSid,
        ChannelStatus: 'active',
      },
      { EventType: 'onInteractionCreated', ...common, InstanceSid },
      {
        EventType: 'onParticipantJoined',
        ...common,
        ChannelSid,
        ParticipantSid: expect.stringMatching(/^UT/),
        ParticipantType: 'customer',
      },
    ]);
  });

  test('tell of the agent who joins, leaves, comes back and ends', async () => {
    await create();
    await interact();

    const joined = await eventsAfter(accept);
    const left = await eventsAfter(() => stage.desk('POST', `${task}/park`));
    const back = await eventsAfter(accept);
    const ended = await eventsAfter(() => stage.desk('POST', `${task}/complete`));

    const agent = { ParticipantType: 'agent', TaskSid: task.slice(-34) };
    expect(joined).toMatchObject([{ EventType: 'onParticipantJoined', ...agent }]);
    const { ParticipantSid } = joined[0] ?? {};
    expect(left).toMatchObject([{ EventType: 'onParticipantLeft', ...agent, ParticipantSid }]);
    expect(back).toMatchObject([{ EventType: 'onParticipantJoined', ...agent, ParticipantSid }]);
    expect(ended).toMatchObject([
      { EventType: 'onChannelStatusUpdated', ChannelStatus: 'closed' },
      { EventType: 'onParticipantLeft', ...agent, ParticipantSid },
    ]);
  });

  test('tell of a chat that its agent has paused', async () => {
    await create();
    await interact();
    await eventsAfter(accept);

    const paused = await eventsAfter(() => stage.desk('POST', `${task}/leave`));

    expect(paused).toMatchObject([
      { EventType: 'onChannelStatusUpdated', ChannelStatus: 'inactive' },
      { EventType: 'onParticipantLeft', TaskSid: task.slice(-34) },
    ]);
  });

  test('tell of an end by REST', async () => {
    await create();
    const { body } = await interact();
    const channel = `${FLEX}/Interactions/${body.sid}/Channels/${body.channel.sid}`;

    const events = await eventsAfter(() => stage.rest('POST', channel, [['Status', 'closed']]));

    expect(events).toMatchObject([{ ChannelStatus: 'closed' }]);
  });

  test('of the type interaction tell only of interactions that were created with them', async () => {
    const { body } = await create([['Type', 'interaction']]);

    const without = await typesAfter(() => interact());
    const bound = await eventsAfter(async () => {
      const interaction = await interact([['WebhookTtid', body.ttid]]);
      expect(interaction.body.webhook_ttid).toBe(body.ttid);
    });

    expect(without).toEqual([]);
    expect(bound).toHaveLength(4);
  });

  test('cannot be bound when they are global or unknown', async () => {
    const { body } = await create();

    for (const ttid of [body.ttid, 'flex_interactionwebhook_1']) {
      const { status } = await interact([['WebhookTtid', ttid]]);
      expect(status).toBe(400);
    }
    expect(stage.twilio.world.interactions.size).toBe(0);
  });

  test('are called for their events only', async () => {
    await stage.rest('POST', WEBHOOKS, [
      ['WebhookUrl', stage.hookUrl],
      ['WebhookEvents', 'onParticipantJoined'],
    ]);

    const types = await typesAfter(() => interact());

    expect(types).toEqual(['onParticipantJoined']);
    expect(stage.calls[0]?.form['ParticipantType']).toBe('customer');
  });
});
