import {
  createFlow,
  openChannel,
  TASK_INTEGRATION,
  TASKS,
  tasksOf,
} from '../support/programmable-chat-stage.ts';
import { ACCOUNT, CONVERSATIONS, type Form, type Stage, setStage } from '../support/stage.ts';

const WORKSPACES = 'taskrouter.twilio.com/v1/Workspaces';
const WORKSPACE = `${WORKSPACES}/${ACCOUNT.workspaceSid}`;

let stage: Stage;

const update = (task: string, status: string, more: Form = []) =>
  stage.rest('POST', `${TASKS}/${task}`, [['AssignmentStatus', status], ...more]);

/** A task on a channel of its own. */
async function aTask(): Promise<string> {
  return (await openChannel(stage, await createFlow(stage, TASK_INTEGRATION))).body.task_sid;
}

describe('TaskRouter', () => {
  beforeEach(async () => {
    stage = await setStage();
  });
  afterEach(async () => stage.close());

  test('tells the workspace, its workflows and its task channels', async () => {
    const workspaces = await stage.rest('GET', WORKSPACES);
    const workspace = await stage.rest('GET', WORKSPACE);
    const workflows = await stage.rest('GET', `${WORKSPACE}/Workflows`);
    const channels = await stage.rest('GET', `${WORKSPACE}/TaskChannels`);

    const { sid } = channels.body.channels.find(
      (channel: { unique_name: string }) => channel.unique_name === 'chat',
    );
    expect(workspaces.body.workspaces).toEqual([workspace.body]);
    expect(workspace.body).toMatchObject({ sid: ACCOUNT.workspaceSid });
    expect(workflows.body.workflows).toMatchObject([{ sid: ACCOUNT.workflows[0]?.sid }]);
    expect(sid).toMatch(/^TC/);
    for (const key of [sid, 'chat']) {
      const { body } = await stage.rest('GET', `${WORKSPACE}/TaskChannels/${key}`);
      expect(body).toMatchObject({ sid, unique_name: 'chat' });
    }
  });

  test.each(['', '/Workflows', '/TaskChannels', '/Tasks'])(
    'does not know another workspace%s',
    async (path) => {
      const { status } = await stage.rest('GET', `${WORKSPACES}/WS${'9'.repeat(32)}${path}`);

      expect(status).toBe(404);
    },
  );

  test('does not know another workflow', async () => {
    const { status } = await stage.rest('GET', `${WORKSPACE}/Workflows/WW${'9'.repeat(32)}`);

    expect(status).toBe(404);
  });

  test('makes a task of a channel, which is found by it and which an agent joins', async () => {
    const { body: channel } = await stage.rest('POST', CONVERSATIONS);

    const { status, body } = await stage.rest('POST', TASKS, [
      ['Attributes', JSON.stringify({ channelSid: channel.sid, name: 'Grace' })],
      ['WorkflowSid', ACCOUNT.workflows[0]?.sid ?? ''],
      ['TaskChannel', 'chat'],
      ['Priority', '5'],
    ]);
    const accepted = await stage.desk('POST', `/agent/tasks/${body.sid}/accept`, { name: 'Ada' });

    const query = new URLSearchParams({ EvaluateTaskAttributes: `channelSid == "${channel.sid}"` });
    const found = await stage.rest('GET', `${TASKS}?${query}`);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      assignment_status: 'pending',
      task_channel_unique_name: 'chat',
      task_channel_sid: expect.stringMatching(/^TC/),
      priority: 5,
      timeout: 86_400,
    });
    expect(accepted.body).toMatchObject({ status: 'accepted', channelSid: channel.sid });
    expect(found.body.tasks).toMatchObject([{ sid: body.sid, assignment_status: 'assigned' }]);
  });

  test.each<[string, Form]>([
    ['an unknown workflow', [['WorkflowSid', `WW${'9'.repeat(32)}`]]],
    ['an unknown task channel', [['TaskChannel', 'pigeon']]],
    ['attributes that are no object', [['Attributes', '"text"']]],
    ['a timeout above two weeks', [['Timeout', '1209601']]],
  ])('refuses a task with %s', async (_, form) => {
    expect((await stage.rest('POST', TASKS, form)).status).toBe(400);
  });

  test('cancels a task that nobody has, for a reason', async () => {
    const task = await aTask();

    const { status, body } = await update(task, 'canceled', [['Reason', 'gone']]);

    expect(status).toBe(200);
    expect(body).toMatchObject({ assignment_status: 'canceled', reason: 'gone' });
    expect(await tasksOf(stage)).toMatchObject([{ status: 'completed' }]);
  });

  test.each(['wrapping', 'completed'])('sets an accepted task to %s', async (status) => {
    const task = await aTask();
    await stage.desk('POST', `/agent/tasks/${task}/accept`);

    const answer = await update(task, status);

    expect(answer).toMatchObject({ status: 200, body: { assignment_status: status } });
  });

  test.each<[string, string, (task: string) => Promise<unknown>]>([
    ['wrapping', 'pending', async () => {}],
    ['completed', 'pending', async () => {}],
    ['assigned', 'pending', async () => {}],
    ['canceled', 'assigned', (task) => stage.desk('POST', `/agent/tasks/${task}/accept`)],
    ['wrapping', 'canceled', (task) => update(task, 'canceled')],
  ])('refuses %s for a task that is %s, and says so', async (to, from, prepare) => {
    const task = await aTask();
    await prepare(task);

    const { status, body } = await update(task, to);

    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 20001, message: expect.stringContaining(`is ${from}`) });
    expect((await stage.rest('GET', `${TASKS}/${task}`)).body.assignment_status).toBe(from);
  });

  test('replaces attributes', async () => {
    const task = await aTask();

    const { body } = await stage.rest('POST', `${TASKS}/${task}`, [['Attributes', '{"a":1}']]);

    expect(body.attributes).toBe('{"a":1}');
  });

  test('does not cancel the task of an interaction', async () => {
    const url = await stage.openConversation();
    const { body } = await stage.rest('POST', 'flex-api.twilio.com/v1/Interactions', [
      [
        'Channel',
        JSON.stringify({
          type: 'web',
          initiated_by: 'customer',
          properties: { media_channel_sid: url.slice(-34) },
        }),
      ],
      ['Routing', JSON.stringify({ properties: { workspace_sid: ACCOUNT.workspaceSid } })],
    ]);
    await stage.twilio.settled();

    const { status } = await update(body.routing.properties.sid, 'canceled');

    expect(status).toBe(400);
    expect(await tasksOf(stage)).toMatchObject([{ status: 'pending' }]);
  });
});
