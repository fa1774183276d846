import {
  addWebhook,
  attributesOf,
  CHANNELS,
  createFlow,
  heard,
  openChannel,
  SERVICE,
  TASK_INTEGRATION,
  TASKS,
  tasksOf,
} from '../support/programmable-chat-stage.ts';
import {
  type Call,
  CUSTOMER,
  ENABLED,
  type Form,
  type Json,
  type Stage,
  setStage,
} from '../support/stage.ts';

const ADA = 'ada_40example_2Ecom';
const EVENTS = [
  'onMessageSent',
  'onMediaMessageSent',
  'onMemberAdded',
  'onMemberUpdated',
  'onMemberRemoved',
  'onChannelUpdated',
];

let stage: Stage;
let channel: string;
let task: string;

async function open(more: Form = []): Promise<void> {
  const flow = await createFlow(stage, TASK_INTEGRATION);
  const { body } = await openChannel(stage, flow, more);
  channel = body.sid;
  task = `/agent/tasks/${body.task_sid}`;
  await addWebhook(stage, channel, EVENTS);
}

const accept = (name = 'Ada') => stage.desk('POST', `${task}/accept`, { name });

async function eventsAfter(act: () => Promise<unknown>): Promise<Call['form'][]> {
  await stage.twilio.settled();
  stage.calls.length = 0;
  await act();
  return heard(stage);
}

describe('the agent’s desk on a channel of Programmable Chat', () => {
  beforeEach(async () => {
    stage = await setStage();
    await open();
  });
  afterEach(async () => stage.close());

  test('lets the agent join as a member and a user', async () => {
    const events = await eventsAfter(accept);

    const user = await stage.rest('GET', `${SERVICE}/Users/${ADA}`);
    expect(events).toMatchObject([
      { EventType: 'onMemberAdded', Source: 'SDK', ClientIdentity: ADA, Identity: ADA },
    ]);
    expect(user.body.friendly_name).toBe('Ada');
    expect(await tasksOf(stage)).toMatchObject([{ status: 'accepted', channelSid: channel }]);
  });

  test('posts text as onMessageSent', async () => {
    await accept();

    const events = await eventsAfter(() => stage.desk('POST', `${task}/messages`, { body: 'Hi' }));

    expect(events).toMatchObject([
      { EventType: 'onMessageSent', Source: 'SDK', ClientIdentity: ADA, From: ADA, Body: 'Hi' },
    ]);
  });

  test('posts media as onMediaMessageSent only, with an empty body', async () => {
    await accept();
    const media = { filename: 'plan.pdf', contentType: 'application/pdf', size: 1234 };

    const events = await eventsAfter(() => stage.desk('POST', `${task}/messages`, { media }));

    const { body } = await stage.rest('GET', `${CHANNELS}/${channel}/Messages`);
    expect(events).toMatchObject([
      {
        EventType: 'onMediaMessageSent',
        Body: '',
        MediaSid: expect.stringMatching(/^ME/),
        MediaFilename: 'plan.pdf',
        MediaContentType: 'application/pdf',
        MediaSize: '1234',
      },
    ]);
    expect(body.messages).toMatchObject([
      { type: 'media', media: { filename: 'plan.pdf', content_type: 'application/pdf' } },
    ]);
  });

  test('moves the read horizon', async () => {
    await accept();
    await stage.desk('POST', `${task}/messages`, { body: 'Hi' });

    const events = await eventsAfter(() => stage.desk('POST', `${task}/read`, { index: 0 }));

    expect(events).toMatchObject([
      { EventType: 'onMemberUpdated', Identity: ADA, LastConsumedMessageIndex: '0' },
    ]);
  });

  test('ends the chat: the channel becomes inactive, keeps the rest, and the agent goes', async () => {
    await accept();

    const events = await eventsAfter(() => stage.desk('POST', `${task}/complete`));

    const [updated, removed] = events;
    expect(events).toHaveLength(2);
    expect(updated).toMatchObject({ EventType: 'onChannelUpdated', Source: 'SDK' });
    expect(JSON.parse(updated?.['Attributes'] ?? '')).toMatchObject({
      status: 'INACTIVE',
      from: 'Grace',
      task_sid: task.slice(-34),
    });
    expect(removed).toMatchObject({ EventType: 'onMemberRemoved', Identity: ADA, Source: 'SDK' });
    expect(await tasksOf(stage)).toMatchObject([{ status: 'completed' }]);
  });

  test('leaves without an end, and comes back', async () => {
    await accept();

    const left = await eventsAfter(() => stage.desk('POST', `${task}/park`));
    const active = await attributesOf(stage, channel);
    const back = await eventsAfter(accept);

    expect(left).toMatchObject([{ EventType: 'onMemberRemoved' }]);
    expect(active.status).toBe('ACTIVE');
    expect(back).toMatchObject([{ EventType: 'onMemberAdded', Identity: ADA }]);
    expect(await tasksOf(stage)).toMatchObject([{ status: 'accepted' }]);
  });

  test('does not let an agent come back to a chat that has ended', async () => {
    await accept();
    await stage.desk('POST', `${task}/park`);

    const ended = await stage.desk('POST', `${task}/complete`);
    const back = await accept();

    expect(ended.status).toBe(200);
    expect((await attributesOf(stage, channel)).status).toBe('INACTIVE');
    expect(back.status).toBe(409);
  });

  test('hands over to another agent, who gets a task of their own', async () => {
    await accept();

    const events = await eventsAfter(async () => {
      const { body } = await stage.desk('POST', `${task}/transfer`, { name: 'Bob' });
      expect(body).toMatchObject({ status: 'accepted', channelSid: channel });
      expect(body.sid).not.toBe(task.slice(-34));
    });

    const members = await stage.rest('GET', `${CHANNELS}/${channel}/Members`);
    expect(events.map(({ EventType }) => EventType)).toEqual(['onMemberAdded', 'onMemberRemoved']);
    expect(members.body.members.map(({ identity }: Json) => identity)).toEqual([
      CUSTOMER,
      'bob_40example_2Ecom',
    ]);
    expect((await tasksOf(stage)).map(({ status }) => status)).toEqual(['completed', 'accepted']);
  });

  test('keeps a long-lived channel active, and its next message makes a new task', async () => {
    await stage.close();
    stage = await setStage();
    await open([['LongLived', 'true']]);
    await accept();

    await stage.desk('POST', `${task}/complete`);
    const { status } = await attributesOf(stage, channel);
    await stage.rest('POST', `${CHANNELS}/${channel}/Messages`, [['From', CUSTOMER]], ENABLED);

    expect(status).toBe('ACTIVE');
    expect((await tasksOf(stage)).map((each) => each.status)).toEqual(['completed', 'pending']);
  });

  test('shows the end by the customer, after which the agent wraps up in silence', async () => {
    await accept();
    await stage.rest('POST', `${TASKS}/${task.slice(-34)}`, [['AssignmentStatus', 'wrapping']]);
    await stage.rest('POST', `${CHANNELS}/${channel}`, [['Attributes', '{"status":"INACTIVE"}']]);
    const [wrapping] = await tasksOf(stage);

    const events = await eventsAfter(() => stage.desk('POST', `${task}/complete`));

    expect(wrapping.status).toBe('wrapping');
    expect(events).toMatchObject([{ EventType: 'onMemberRemoved' }]);
    expect(await tasksOf(stage)).toMatchObject([{ status: 'completed' }]);
  });
});
