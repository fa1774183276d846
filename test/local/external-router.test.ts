import { type ExternalRouter, startExternalRouter } from '#local/external-router';
import { createFlow, openChannel, tasksOf } from './twilio/chat-stage.ts';
import { ACCOUNT, type Stage, setStage } from './twilio/stage.ts';

let stage: Stage;
let router: ExternalRouter;

const startRouter = () =>
  startExternalRouter({ account: ACCOUNT, twilioUrl: stage.twilio.url, port: 0 });

beforeEach(async () => {
  stage = await setStage();
  router = await startRouter();
});

afterEach(async () => {
  await router.close();
  await stage.close();
});

/** What a webhook says of a message in this channel. */
async function tell(field: 'ConversationSid' | 'ChannelSid', channel: string): Promise<void> {
  const { status } = await fetch(router.url, {
    method: 'POST',
    body: new URLSearchParams({ [field]: channel }),
  });
  expect(status).toBe(200);
}

async function restart(): Promise<void> {
  await router.close();
  router = await startRouter();
}

async function aConversation(): Promise<string> {
  return (await stage.openConversation()).split('/').at(-1) ?? '';
}

async function aChannel(): Promise<string> {
  const url: [string, string] = ['Integration.Url', router.url];
  const flow = await createFlow(stage, [['IntegrationType', 'external'], url]);
  return (await openChannel(stage, flow)).body.sid;
}

describe.each([
  ['ConversationSid', aConversation],
  ['ChannelSid', aChannel],
] as const)('the external router, told of a %s', (field, open) => {
  test('makes it one task, however often it is told', async () => {
    const channel = await open();

    await tell(field, channel);
    await tell(field, channel);

    expect((await tasksOf(stage)).map(({ channelSid }) => channelSid)).toEqual([channel]);
  });

  test('makes no second task after a restart', async () => {
    const channel = await open();
    await tell(field, channel);
    await tasksOf(stage);

    await restart();
    await tell(field, channel);
    await tell(field, channel);

    expect(await tasksOf(stage)).toHaveLength(1);
  });

  test('tries again when Twilio does not answer at first', async () => {
    const channel = await open();
    await stage.desk('PUT', '/faults', { rest: { status: 503, count: 9 } });
    await tell(field, channel).catch(() => {});
    await stage.desk('PUT', '/faults', {});

    await tell(field, channel);

    expect(await tasksOf(stage)).toHaveLength(1);
  });
});
