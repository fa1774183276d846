import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ACCOUNT, CUSTOMER, ENABLED, type Json, type Stage, setStage } from '../support/stage.ts';

const FLOW = `FW${'1'.repeat(32)}`;
const stages: Stage[] = [];

afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close();
});

const aFile = () => path.join(mkdtempSync(path.join(tmpdir(), 'twilio-')), 'twilio.bin');

async function start(file: string, options: Parameters<typeof setStage>[0] = {}): Promise<Stage> {
  const stage = await setStage({ file, ...options });
  stages.push(stage);
  return stage;
}

/** What the next process finds when this one is killed here and now. */
async function killed(file: string): Promise<Stage> {
  const copy = aFile();
  copyFileSync(file, copy);
  return start(copy);
}

/** A conversation that an interaction has made an agent's task. */
async function aCarriedConversation(stage: Stage): Promise<string> {
  const url = await stage.openConversation();
  await stage.rest('POST', `${url}/Webhooks`, [
    ['Target', 'webhook'],
    ['Configuration.Url', stage.hookUrl],
    ['Configuration.Filters', 'onMessageAdded'],
  ]);
  await stage.rest('POST', 'flex-api.twilio.com/v1/Interactions', [
    [
      'Channel',
      JSON.stringify({
        type: 'web',
        initiated_by: 'customer',
        properties: { media_channel_sid: url.slice(-34) },
      }),
    ],
    [
      'Routing',
      JSON.stringify({
        properties: {
          workspace_sid: ACCOUNT.workspaceSid,
          workflow_sid: ACCOUNT.workflows[0]?.sid,
          attributes: { name: 'Grace' },
        },
      }),
    ],
  ]);
  return url;
}

const post = (stage: Stage, url: string, body: string) =>
  stage.rest(
    'POST',
    `${url}/Messages`,
    [
      ['Author', CUSTOMER],
      ['Body', body],
    ],
    ENABLED,
  );

const bodiesOf = async (stage: Stage, url: string): Promise<string[]> =>
  (await stage.rest('GET', `${url}/Messages`)).body.messages.map(({ body }: Json) => body);

const tasksOf = async (stage: Stage): Promise<Json[]> =>
  (await stage.desk('GET', '/agent/tasks')).body;

describe('a kept account', () => {
  test('has every write that was answered, and goes on where it stood', async () => {
    const file = aFile();
    const before = await start(file);
    const url = await aCarriedConversation(before);
    await before.twilio.settled();
    const [{ sid }] = await tasksOf(before);
    await before.desk('POST', `/agent/tasks/${sid}/accept`, { name: 'Ada' });
    await post(before, url, 'hello');
    await before.desk('POST', `/agent/tasks/${sid}/messages`, { body: 'good morning' });

    const after = await killed(file);
    await after.desk('POST', `/agent/tasks/${sid}/messages`, { body: 'still here' });
    const { body: third } = await post(after, url, 'me too');
    await after.twilio.settled();

    expect(await bodiesOf(after, url)).toEqual(['hello', 'good morning', 'still here', 'me too']);
    expect(third.index).toBe(3);
    expect(before.calls.map(({ form }) => form['Body']).slice(-2)).toEqual([
      'still here',
      'me too',
    ]);
    const ended = await after.desk('POST', `/agent/tasks/${sid}/complete`);
    expect(ended.body).toMatchObject({ sid, status: 'completed' });
    const { body: conversation } = await after.rest('GET', url);
    expect(conversation.state).toBe('closed');
  });

  test('shows the task of an interaction that was accepted just before', async () => {
    const file = aFile();
    const before = await start(file, { taskDelayMs: 60_000 });
    await aCarriedConversation(before);

    const after = await killed(file);

    expect(await tasksOf(before)).toEqual([]);
    expect(await tasksOf(after)).toMatchObject([
      { status: 'pending', attributes: { name: 'Grace' } },
    ]);
  });

  test('does not start a Studio flow again', async () => {
    const file = aFile();
    const before = await start(file);
    const url = await before.openConversation();
    await before.rest('POST', `${url}/Webhooks`, [
      ['Target', 'studio'],
      ['Configuration.FlowSid', FLOW],
    ]);
    await post(before, url, 'one');
    await before.twilio.settled();

    const after = await killed(file);
    await post(after, url, 'two');
    await after.twilio.settled();

    expect(await bodiesOf(after, url)).toEqual(['one', 'Hello, I am a bot.', 'two']);
    expect(await tasksOf(after)).toHaveLength(1);
  });

  test('keeps what a whole service and the account are configured with', async () => {
    const file = aFile();
    const before = await start(file);
    const service = 'conversations.twilio.com/v1/Configuration';
    const { body: configured } = await before.rest('GET', service);

    const after = await killed(file);

    expect((await after.rest('GET', service)).body).toEqual(configured);
    expect(after.twilio.world.messagingServiceSid).toBe(before.twilio.world.messagingServiceSid);
    expect(after.twilio.world.taskChannels).toEqual(before.twilio.world.taskChannels);
  });

  test('is not taken over by another account', async () => {
    const file = aFile();
    await (await start(file)).openConversation();

    const other = { ...ACCOUNT, workspaceSid: `WS${'9'.repeat(32)}` };

    await expect(setStage({ file, account: other })).rejects.toThrow('another account');
  });

  test('refuses a file that is none of its own', async () => {
    const file = aFile();
    copyFileSync(import.meta.filename, file);

    await expect(setStage({ file })).rejects.toThrow(/remove it/);
  });
});
