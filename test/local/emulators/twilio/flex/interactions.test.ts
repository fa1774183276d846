import {
  ACCOUNT,
  type Answer,
  CONVERSATIONS,
  CUSTOMER,
  type Json,
  type Stage,
  setStage,
} from '../support/stage.ts';

const INTERACTIONS = 'flex-api.twilio.com/v1/Interactions';
const TASKS = `taskrouter.twilio.com/v1/Workspaces/${ACCOUNT.workspaceSid}/Tasks`;

let stage: Stage;
let url: string;

interface Change {
  readonly channel?: object;
  readonly routing?: object;
  readonly routingType?: string;
  readonly form?: readonly (readonly [string, string])[];
}

function interact({ channel, routing, routingType, form = [] }: Change = {}): Promise<Answer> {
  return stage.rest('POST', INTERACTIONS, [
    [
      'Channel',
      JSON.stringify({
        type: 'web',
        initiated_by: 'customer',
        properties: { media_channel_sid: url.slice(-34) },
        ...channel,
      }),
    ],
    [
      'Routing',
      JSON.stringify({
        type: routingType,
        properties: {
          workspace_sid: ACCOUNT.workspaceSid,
          workflow_sid: ACCOUNT.workflows[0]?.sid,
          attributes: { name: 'Grace' },
          ...routing,
        },
      }),
    ],
    ...form,
  ]);
}

const update = ({ body }: Answer, form: readonly (readonly [string, string])[]) =>
  stage.rest('POST', `${INTERACTIONS}/${body.sid}/Channels/${body.channel.sid}`, form);

const COMPLETE = ['Routing', '{"status":"closed"}'] as const;

async function deskTask(): Promise<Json> {
  await stage.twilio.settled();
  const { body } = await stage.desk('GET', '/agent/tasks');
  return body[0];
}

describe('interactions', () => {
  beforeEach(async () => {
    stage = await setStage();
    url = await stage.openConversation();
  });
  afterEach(async () => stage.close());

  test("may name a type of routing, as Twilio's guide does", async () => {
    expect(await interact({ routingType: 'TaskRouter' })).toMatchObject({ status: 200 });
  });

  test('and tasks are refused with attributes of more than 4,096 characters', async () => {
    const attributes = { name: 'n'.repeat(4_096 - '{"name":""}'.length + 1) };
    const workflow = ACCOUNT.workflows[0]?.sid ?? '';

    const interaction = await interact({ routing: { attributes } });
    const task = await stage.rest('POST', TASKS, [
      ['WorkflowSid', workflow],
      ['Attributes', JSON.stringify(attributes)],
    ]);

    expect([interaction.status, task.status]).toEqual([400, 400]);
    expect(task.body.message).toContain('4096');
  });

  test('are accepted at once, while their task appears later', async () => {
    const answer = await interact();
    const { sid } = answer.body.routing.properties;
    await stage.twilio.settled();
    const task = await stage.rest('GET', `${TASKS}/${sid}`);

    expect(answer).toMatchObject({
      status: 200,
      body: {
        sid: expect.stringMatching(/^KD/),
        channel: { type: 'web', sid: expect.stringMatching(/^UO/) },
        routing: { properties: { assignment_status: 'pending', task_channel_unique_name: 'chat' } },
      },
    });
    expect(task.body).toMatchObject({ sid, assignment_status: 'pending', priority: 0 });
    expect(JSON.parse(task.body.attributes)).toEqual({
      name: 'Grace',
      conversationSid: url.slice(-34),
      flexInteractionSid: answer.body.sid,
      flexInteractionChannelSid: answer.body.channel.sid,
      flexChannelInviteSid: expect.stringMatching(/^KG/),
      channelType: 'web',
      customerName: 'Grace',
      customerAddress: CUSTOMER,
      customers: {},
      direction: 'inbound',
      initiatedBy: 'customer',
      taskCreateSource: 'interaction',
      conversations: {
        initiated_by: 'Customer',
        conversation_id: answer.body.sid,
        media: [{ type: 'ChatTranscript', sid: url.slice(-34) }],
      },
    });
  });

  test('have no task in the moment of their answer', async () => {
    await stage.close();
    stage = await setStage({ taskDelayMs: 10_000 });
    url = await stage.openConversation();

    const { body } = await interact();

    expect((await stage.rest('GET', `${TASKS}/${body.routing.properties.sid}`)).status).toBe(404);
  });

  test.each<[string, Change, number]>([
    ['no channel type of Twilio', { channel: { type: 'custom' } }, 45366],
    ['nobody who began it', { channel: { initiated_by: 'nobody' } }, 45366],
    ['no conversation', { channel: { properties: {} } }, 45366],
    ['an unknown property', { channel: { typ: 'web' } }, 45366],
    ['another workspace', { routing: { workspace_sid: `WS${'9'.repeat(32)}` } }, 45366],
    ['an unknown workflow', { routing: { workflow_sid: `WW${'9'.repeat(32)}` } }, 45366],
    ['attributes as text', { routing: { attributes: '{}' } }, 45366],
    ['a parameter twice', { form: [COMPLETE] }, 20001],
  ])('are refused with %s', async (_, change, code) => {
    expect(await interact(change)).toMatchObject({ status: 400, body: { code } });
  });

  test.each([
    [true, 'failed', ['onInteractionCreated', 'onChannelCreateFailed']],
    [false, 'setup', ['onInteractionCreated']],
  ])('may be promised a task that is never made (told: %s)', async (isTold, status, told) => {
    const heard: string[] = [];
    stage.twilio.world.interactionSubscribers.push(({ type }) => heard.push(type));
    stage.twilio.faults({ routing: { count: 1, isTold } });

    const { status: answered, body } = await interact();
    await stage.twilio.settled();

    const channel = `${INTERACTIONS}/${body.sid}/Channels/${body.channel.sid}`;
    expect(answered).toBe(200);
    expect((await stage.rest('GET', channel)).body.status).toBe(status);
    expect(heard).toEqual(told);
    expect(await deskTask()).toBeUndefined();
  });

  test('take no invite once they are closed', async () => {
    const { body } = await interact();
    const channel = `${INTERACTIONS}/${body.sid}/Channels/${body.channel.sid}`;
    await stage.rest('POST', channel, [['Status', 'closed']]);
    const properties = { workspace_sid: ACCOUNT.workspaceSid };

    const invited = await stage.rest('POST', `${channel}/Invites`, [
      ['Routing', JSON.stringify({ properties })],
    ]);

    expect(invited).toMatchObject({ status: 400, body: { code: 45359 } });
  });

  test('take no invite with attributes of more than 4,096 characters', async () => {
    const { body } = await interact();
    await stage.twilio.settled();
    const inviteWith = (name: string) => {
      const properties = { workspace_sid: ACCOUNT.workspaceSid, attributes: { name } };
      return stage.rest(
        'POST',
        `${INTERACTIONS}/${body.sid}/Channels/${body.channel.sid}/Invites`,
        [['Routing', JSON.stringify({ properties })]],
      );
    };

    const refused = await inviteWith('n'.repeat(4_096));
    const { sid } = await deskTask();
    const taken = await inviteWith('Grace');

    expect(refused).toMatchObject({ status: 400, body: { code: 45366 } });
    expect(sid).toBe(body.routing.properties.sid);
    expect(taken.status).toBe(200);
  });

  test('take the only workflow of a workspace for granted', async () => {
    const { body } = await interact({ routing: { workflow_sid: undefined } });

    expect(body.routing.properties.workflow_sid).toBe(ACCOUNT.workflows[0]?.sid);
  });

  test('need a participant in an open conversation', async () => {
    const empty = await stage.rest('POST', CONVERSATIONS);
    const properties = { media_channel_sid: empty.body.sid };
    await stage.rest('POST', url, [['State', 'closed']]);

    const closed = await interact();
    const lonely = await interact({ channel: { properties } });
    const unknown = await interact({
      channel: { properties: { media_channel_sid: `CH${'9'.repeat(32)}` } },
    });

    expect([closed.body.code, lonely.body.code, unknown.status]).toEqual([45354, 45355, 404]);
  });

  test('are dropped when the conversation has one', async () => {
    await interact();

    const second = await interact();

    expect(second.body.code).toBe(45353);
    await stage.twilio.settled();
    expect((await stage.desk('GET', '/agent/tasks')).body).toHaveLength(1);
  });

  test('close the conversation and complete the agent’s task', async () => {
    const interaction = await interact();
    const task = `/agent/tasks/${(await deskTask()).sid}`;
    await stage.desk('POST', `${task}/accept`);

    const closed = await update(interaction, [['Status', 'closed'], COMPLETE]);

    expect(closed).toMatchObject({ status: 200, body: { status: 'closed' } });
    expect((await stage.rest('GET', url)).body.state).toBe('closed');
    expect((await deskTask()).status).toBe('completed');
    expect((await stage.rest('GET', `${url}/Participants`)).body.participants).toHaveLength(1);
  });

  test('leave the agent to wrap up when the routing says nothing', async () => {
    const interaction = await interact();
    const task = `/agent/tasks/${(await deskTask()).sid}`;
    await stage.desk('POST', `${task}/accept`);

    await update(interaction, [['Status', 'closed']]);

    expect((await deskTask()).status).toBe('wrapping');
    expect((await stage.desk('POST', `${task}/messages`, { body: 'x' })).status).toBe(409);
    expect((await stage.desk('POST', `${task}/complete`)).body.status).toBe('completed');
  });

  test('withdraw a task that nobody has accepted', async () => {
    const interaction = await interact();
    const { sid } = await deskTask();

    await update(interaction, [['Status', 'closed'], COMPLETE]);

    const { body } = await stage.rest('GET', `${TASKS}/${sid}`);
    expect(body.assignment_status).toBe('canceled');
    expect((await stage.desk('POST', `/agent/tasks/${sid}/accept`)).status).toBe(409);
  });

  test('are parked as inactive, and may then be followed by another', async () => {
    const interaction = await interact();
    const task = `/agent/tasks/${(await deskTask()).sid}`;
    await stage.desk('POST', `${task}/accept`);

    const parked = await update(interaction, [['Status', 'inactive'], COMPLETE]);
    const next = await interact();

    expect(parked.body.status).toBe('inactive');
    expect((await stage.rest('GET', url)).body.state).toBe('active');
    expect(next.status).toBe(200);
  });

  test.each<[string, readonly (readonly [string, string])[], number]>([
    ['another status', [['Status', 'active']], 45358],
    ['inactive without routing', [['Status', 'inactive']], 45367],
    [
      'another routing',
      [
        ['Status', 'closed'],
        ['Routing', '{"status":"open"}'],
      ],
      45366,
    ],
  ])('refuse an update with %s', async (_, form, code) => {
    const interaction = await interact();

    expect(await update(interaction, form)).toMatchObject({ status: 400, body: { code } });
  });

  test('are read back with their channel', async () => {
    const { body } = await interact();

    const interaction = await stage.rest('GET', `${INTERACTIONS}/${body.sid}`);
    const channels = await stage.rest('GET', `${INTERACTIONS}/${body.sid}/Channels`);
    const foreign = await stage.rest(
      'GET',
      `${INTERACTIONS}/${body.sid}/Channels/UO${'9'.repeat(32)}`,
    );

    expect(interaction.body.channel).toEqual(body.channel);
    expect(channels.body.channels).toMatchObject([{ sid: body.channel.sid, type: 'web' }]);
    expect(foreign.status).toBe(404);
  });
});

describe('tasks', () => {
  beforeEach(async () => {
    stage = await setStage();
    url = await stage.openConversation();
    await interact();
    await stage.twilio.settled();
  });
  afterEach(async () => stage.close());

  const found = async (query: string) =>
    (await stage.rest('GET', `${TASKS}?${query}`)).body.tasks.length;

  test('are found by an attribute', async () => {
    const search = (expression: string) =>
      found(`EvaluateTaskAttributes=${encodeURIComponent(expression)}`);

    expect(await search(`conversationSid == "${url.slice(-34)}"`)).toBe(1);
    expect(await search(`conversations.initiated_by == 'Customer'`)).toBe(1);
    expect(await search(`conversationSid == "CH${'9'.repeat(32)}"`)).toBe(0);
  });

  test('are searched by attributes three times a second', async () => {
    const query = `EvaluateTaskAttributes=${encodeURIComponent('conversationSid == "CH1"')}`;
    const search = () => stage.rest('GET', `${TASKS}?${query}`);

    const answers = [await search(), await search(), await search(), await search()];

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers[3]?.body.code).toBe(20429);
  });

  test('are deleted, and then unknown', async () => {
    const { tasks } = (await stage.rest('GET', TASKS)).body;

    const { status } = await stage.rest('DELETE', `${TASKS}/${tasks[0].sid}`);

    expect(status).toBe(204);
    expect((await stage.rest('GET', `${TASKS}/${tasks[0].sid}`)).status).toBe(404);
  });

  test('are found by status', async () => {
    expect(await found('AssignmentStatus=pending&AssignmentStatus=assigned')).toBe(1);
    expect(await found('AssignmentStatus=completed')).toBe(0);
  });

  test('are not looked for by what is not simulated', async () => {
    const answer = await stage.rest('GET', `${TASKS}?EvaluateTaskAttributes=a%20IN%20%5B1%5D`);
    const elsewhere = TASKS.replace(ACCOUNT.workspaceSid, `WS${'9'.repeat(32)}`);

    expect(answer).toMatchObject({ status: 400, body: { code: 20001 } });
    expect((await stage.rest('GET', elsewhere)).status).toBe(404);
  });
});
