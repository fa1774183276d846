import { ACCOUNT, type Answer, CUSTOMER, type Stage, setStage } from './stage.ts';

const INTERACTIONS = 'flex-api.twilio.com/v1/Interactions';
const ALL = [
  'onMessageAdded',
  'onParticipantAdded',
  'onParticipantUpdated',
  'onParticipantRemoved',
  'onConversationStateUpdated',
];

let stage: Stage;
let conversation: string;
let interaction: Answer;
let task: string;

async function open(): Promise<void> {
  conversation = await stage.openConversation();
  await stage.rest('POST', `${conversation}/Webhooks`, [
    ['Target', 'webhook'],
    ['Configuration.Url', stage.hookUrl],
    ['Configuration.Method', 'post'],
    ...ALL.map((event) => ['Configuration.Filters', event] as const),
  ]);
  interaction = await stage.rest('POST', INTERACTIONS, [
    [
      'Channel',
      JSON.stringify({
        type: 'web',
        initiated_by: 'customer',
        properties: { media_channel_sid: conversation.slice(-34) },
      }),
    ],
    [
      'Routing',
      JSON.stringify({
        properties: {
          workspace_sid: ACCOUNT.workspaceSid,
          workflow_sid: ACCOUNT.workflows[0]?.sid,
          attributes: { from: 'Grace', channelType: 'web' },
        },
      }),
    ],
  ]);
  await stage.twilio.settled();
  const { body } = await stage.desk('GET', '/agent/tasks');
  task = `/agent/tasks/${body[0]?.sid}`;
}

const events = async (): Promise<(string | undefined)[]> => {
  await stage.twilio.settled();
  return stage.calls.map(({ form }) => form['EventType']);
};

describe('the agent’s desk', () => {
  beforeEach(async () => {
    stage = await setStage();
    await open();
  });
  afterEach(async () => stage.close());

  test('lists the task of an interaction with its attributes as an object', async () => {
    const { body } = await stage.desk('GET', '/agent/tasks');

    expect(interaction.status).toBe(200);
    expect(body).toEqual([
      {
        sid: interaction.body.routing.properties.sid,
        status: 'pending',
        channelSid: conversation.slice(-34),
        attributes: expect.objectContaining({
          from: 'Grace',
          customerAddress: CUSTOMER,
          flexInteractionSid: interaction.body.sid,
        }),
      },
    ]);
  });

  test('carries a chat from acceptance to its end', async () => {
    const accepted = await stage.desk('POST', `${task}/accept`, { name: 'Ada' });
    await stage.twilio.settled();
    const message = await stage.desk('POST', `${task}/messages`, { body: 'Hello' });
    await stage.twilio.settled();
    await stage.desk('POST', `${task}/read`, { index: 0 });
    await stage.twilio.settled();
    const completed = await stage.desk('POST', `${task}/complete`);

    expect(accepted.body.status).toBe('accepted');
    expect(message.body).toMatchObject({ index: 0, author: 'ada_40example_2Ecom', body: 'Hello' });
    expect(completed.body.status).toBe('completed');
    expect(await events()).toEqual([
      'onParticipantAdded',
      'onMessageAdded',
      'onParticipantUpdated',
      expect.any(String),
      expect.any(String),
    ]);
    expect((await stage.rest('GET', conversation)).body.state).toBe('closed');
  });
});
