import { signWebhook } from '#local/emulators/twilio/webhooks/signature';
import { type ExternalRouter, startExternalRouter } from '#local/external-router';
import {
  createFlow,
  openChannel,
  tasksOf,
} from './emulators/twilio/support/programmable-chat-stage.ts';
import { ACCOUNT, type Stage, setStage } from './emulators/twilio/support/stage.ts';

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
  expect(await post(signed({ [field]: channel }))).toBe(200);
}

function signed(form: Record<string, string>, url = router.url): RequestInit {
  const signature = signWebhook(ACCOUNT.authToken, url, form);
  const headers = { 'x-twilio-signature': signature };
  return { method: 'POST', headers, body: new URLSearchParams(form) };
}

async function post(init: RequestInit, url = router.url): Promise<number> {
  return (await fetch(url, init)).status;
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

describe('the external router', () => {
  /** What came to Twilio by its hand. */
  const asked = () => stage.twilio.requests().length;

  test.each([
    ['without a signature', { headers: {} }, 403],
    ['with a wrong signature', { headers: { 'x-twilio-signature': 'AAAA' } }, 403],
    ['of another web site', { headers: { origin: 'https://evil.example' } }, 403],
    ['of an image elsewhere', { headers: { 'sec-fetch-site': 'cross-site' } }, 403],
  ])('refuses a post %s', async (_, { headers }, expected) => {
    const form = signed({ ConversationSid: await aConversation() });
    const before = asked();

    const own = Object.keys(headers).some((name) => name !== 'x-twilio-signature');
    const status = await post({
      ...form,
      headers: own ? { ...form.headers, ...headers } : headers,
    });

    expect(status).toBe(expected);
    expect(asked()).toBe(before);
  });

  test.each([
    ['/', 404],
    ['/new-chat/', 404],
    ['/new-chat/../faults', 404],
    ['//new-chat', 404],
    ['/new-chat?ConversationSid=1', 404],
  ])('refuses a post to %s', async (path, expected) => {
    const url = new URL(router.url).origin + path;

    expect(await post(signed({ ConversationSid: await aConversation() }, url), url)).toBe(expected);
  });

  test.each(['PUT', 'PATCH', 'DELETE', 'GET'])('refuses %s', async (method) => {
    const { headers } = signed({});

    expect(await post({ method, headers: headers ?? {} })).toBe(405);
  });

  test.each(['../../../Accounts', 'CH1', `CH${'0'.repeat(32)}/../x`, `CH${'G'.repeat(32)}`])(
    'asks Twilio nothing about %s, which is no SID',
    async (channel) => {
      const before = asked();

      await tell('ConversationSid', channel);
      await tell('ChannelSid', channel);

      expect(asked()).toBe(before);
    },
  );

  test('takes no endless body', async () => {
    expect(await post(signed({ Body: 'x'.repeat(300_000) }))).toBe(413);
  });
});
