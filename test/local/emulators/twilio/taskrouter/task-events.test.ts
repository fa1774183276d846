import type { TaskEvent } from '#local/emulators/twilio/taskrouter/model';
import { ACCOUNT, type Stage, setStage } from '../support/stage.ts';

let stage: Stage;
let told: string[];

beforeEach(async () => {
  stage = await setStage();
  told = [];
  stage.twilio.world.taskSubscribers.push(({ type, task }: TaskEvent) => {
    told.push(`${type} ${task.assignmentStatus}`);
  });
});
afterEach(async () => stage.close());

/** @returns path of the task at the agent's desk. */
async function aTask(): Promise<string> {
  const properties = { media_channel_sid: (await stage.openConversation()).slice(-34) };
  const { body } = await stage.rest('POST', 'flex-api.twilio.com/v1/Interactions', [
    ['Channel', JSON.stringify({ type: 'web', initiated_by: 'customer', properties })],
    ['Routing', JSON.stringify({ properties: { workspace_sid: ACCOUNT.workspaceSid } })],
  ]);
  await stage.twilio.settled();
  return `/agent/tasks/${body.routing.properties.sid}`;
}

describe('events of tasks', () => {
  test('tell of a chat that an agent takes and ends', async () => {
    const task = await aTask();

    await stage.desk('POST', `${task}/accept`, { name: 'Ada' });
    await stage.desk('POST', `${task}/complete`);

    expect(told).toEqual([
      'task.created pending',
      'reservation.accepted assigned',
      'task.wrapup wrapping',
      'task.completed completed',
    ]);
  });

  test('tell that nobody took the task in time', async () => {
    const task = await aTask();

    await stage.desk('POST', `${task}/timeout`);

    expect(told).toEqual([
      'task.created pending',
      'workflow.timeout pending',
      'task.canceled canceled',
    ]);
  });

  test('tell of the task that a transfer makes, and of the one that it ends', async () => {
    const task = await aTask();
    await stage.desk('POST', `${task}/accept`, { name: 'Ada' });
    told.length = 0;

    await stage.desk('POST', `${task}/transfer`, { name: 'Grace' });

    expect(told).toEqual([
      'task.created pending',
      'reservation.accepted assigned',
      'task.completed completed',
    ]);
  });
});
