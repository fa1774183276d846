import {
  ACCOUNT,
  basic,
  CONVERSATIONS,
  ENABLED,
  type Form,
  type Stage,
  setStage,
} from '../support/stage.ts';

const API = 'api.twilio.com/2010-04-01/Accounts';
const CONFIGURATION = 'conversations.twilio.com/v1/Configuration';
const OF_SERVICE = `conversations.twilio.com/v1/Services/${ACCOUNT.chatServiceSid}/Configuration/Webhooks`;
const OF_ACCOUNT = `${CONFIGURATION}/Webhooks`;

let stage: Stage;

/** By the auth token: no Standard key may read accounts. */
const read = (path: string) =>
  stage.rest('GET', path, undefined, {
    authorization: basic(ACCOUNT.accountSid, ACCOUNT.authToken),
  });

const says = async (headers: object = ENABLED) => {
  const { body } = await stage.rest('POST', CONVERSATIONS, [], headers);
  const message: Form = [['Body', 'Hello']];
  await stage.rest('POST', `${CONVERSATIONS}/${body.sid}/Messages`, message, headers);
  await stage.twilio.settled();
};

describe('the account', () => {
  beforeEach(async () => {
    stage = await setStage();
  });
  afterEach(async () => stage.close());

  test('tells of itself and its keys', async () => {
    const [key] = ACCOUNT.apiKeys;

    const account = await read(`${API}/${ACCOUNT.accountSid}.json`);
    const found = await read(`${API}/${ACCOUNT.accountSid}/Keys/${key?.sid}.json`);

    expect(account.body).toMatchObject({ sid: ACCOUNT.accountSid, status: 'active' });
    expect(found.body).toMatchObject({ sid: key?.sid });
    expect(JSON.stringify([account.body, found.body])).not.toContain(key?.secret);
  });

  test.each([
    `${API}/${ACCOUNT.accountSid}.yaml`,
    `${API}/AC${'9'.repeat(32)}.json`,
    `${API}/${ACCOUNT.accountSid}`,
    `${API}/${ACCOUNT.accountSid}/Keys/SK${'9'.repeat(32)}.json`,
  ])('does not know %s', async (path) => {
    expect((await read(path)).status).toBe(404);
  });

  test('tells how Flex is set up', async () => {
    const { body } = await stage.rest('GET', 'flex-api.twilio.com/v1/Configuration');

    expect(body).toMatchObject({
      account_sid: ACCOUNT.accountSid,
      flex_instance_sid: ACCOUNT.flexInstanceSid,
      chat_service_instance_sid: ACCOUNT.chatServiceSid,
      flex_service_instance_sid: ACCOUNT.chatServiceSid,
      taskrouter_workspace_sid: ACCOUNT.workspaceSid,
    });
  });

  test('may have another default service than Flex’s', async () => {
    const other = `IS${'9'.repeat(32)}`;
    await stage.close();
    stage = await setStage({ account: { ...ACCOUNT, defaultChatServiceSid: other } });

    const { body } = await stage.rest('GET', CONFIGURATION);

    expect(body.default_chat_service_sid).toBe(other);
  });

  test.each([0, 3_600_000])('tells the time, %i ms ahead', async (clockSkewMs) => {
    await stage.close();
    stage = await setStage({ clockSkewMs });

    const { headers } = await fetch(`${stage.twilio.url}/${CONFIGURATION}`);

    const aheadMs = Date.parse(headers.get('date') ?? '') - Date.now();
    expect(Math.abs(aheadMs - clockSkewMs)).toBeLessThan(5_000);
  });
});

describe.each([
  ['the service', OF_SERVICE],
  ['the account', OF_ACCOUNT],
])('the webhook of %s', (_, url) => {
  beforeEach(async () => {
    stage = await setStage();
  });
  afterEach(async () => stage.close());

  const listen = () =>
    stage.rest('POST', url, [
      ['PostWebhookUrl', stage.hookUrl],
      ['Method', 'POST'],
      ['Filters', 'onMessageAdded'],
    ]);

  test('is nowhere before it is set', async () => {
    const { body } = await stage.rest('GET', url);

    expect(body).toMatchObject({ post_webhook_url: null, filters: [], method: 'POST' });
  });

  test('hears the events that it filters for, of every conversation', async () => {
    const { body } = await listen();

    await says();
    await says();

    expect(body).toMatchObject({ post_webhook_url: stage.hookUrl, filters: ['onMessageAdded'] });
    expect(stage.calls.map(({ form }) => form['EventType'])).toEqual([
      'onMessageAdded',
      'onMessageAdded',
    ]);
    expect(stage.calls[0]?.form).not.toHaveProperty('WebhookSid');
    expect(stage.calls[0]?.form).not.toHaveProperty('RetryCount');
  });

  test('hears nothing of what was posted without the header', async () => {
    await listen();

    await says({});

    expect(stage.calls).toEqual([]);
  });

  test('hears nothing once its address is emptied', async () => {
    await listen();
    await stage.rest('POST', url, [['PostWebhookUrl', '']]);

    await says();

    expect(stage.twilio.deliveries()).toEqual([]);
  });

  test('is not in on a replay for another webhook', async () => {
    const { body } = await stage.rest('POST', CONVERSATIONS);
    const conversation = `${CONVERSATIONS}/${body.sid}`;
    await stage.rest('POST', `${conversation}/Messages`, [['Body', 'Hello']]);
    await listen();

    const { body: webhook } = await stage.rest('POST', `${conversation}/Webhooks`, [
      ['Target', 'webhook'],
      ['Configuration.Url', stage.hookUrl],
      ['Configuration.Filters', 'onMessageAdded'],
      ['Configuration.ReplayAfter', '0'],
    ]);

    await stage.twilio.settled();
    expect(stage.twilio.deliveries().map(({ webhookSid }) => webhookSid)).toEqual([webhook.sid]);
  });
});
