import { setTimeout as sleep } from 'node:timers/promises';
import { validateRequest } from 'twilio/lib/webhooks/webhooks';
import {
  ACCOUNT,
  type Call,
  CUSTOMER,
  ENABLED,
  type Form,
  type Stage,
  setStage,
} from '../support/stage.ts';

const ALL = ['onMessageAdded', 'onParticipantAdded', 'onConversationStateUpdated'];

let stage: Stage;
let url: string;

const hook = (filters: readonly string[], more: Form = [], hookUrl = stage.hookUrl) =>
  stage.rest('POST', `${url}/Webhooks`, [
    ['Target', 'webhook'],
    ['Configuration.Url', hookUrl],
    ['Configuration.Method', 'post'],
    ...filters.map((filter) => ['Configuration.Filters', filter] as const),
    ...more,
  ]);

const post = (body: string, headers: object = ENABLED) =>
  stage.rest(
    'POST',
    `${url}/Messages`,
    [
      ['Author', CUSTOMER],
      ['Body', body],
    ],
    headers,
  );

async function settledCalls(): Promise<readonly Call[]> {
  await stage.twilio.settled();
  return stage.calls;
}

describe('webhooks of a conversation', () => {
  beforeEach(async () => {
    stage = await setStage();
    url = await stage.openConversation();
  });
  afterEach(async () => stage.close());

  test('hear of a REST write only when it enables them', async () => {
    await hook(ALL);

    await post('silent', {});
    await post('silent', { 'X-Twilio-Webhook-Enabled': 'false' });
    await post('heard');

    expect((await settledCalls()).map(({ form }) => form['Body'])).toEqual(['heard']);
  });

  test('get the fields that Twilio sends', async () => {
    const { body: webhook } = await hook(['onMessageAdded']);

    const { body: message } = await post('Grüße & 1+1 = 2');

    const [call] = await settledCalls();
    expect(call?.form).toEqual({
      EventType: 'onMessageAdded',
      AccountSid: ACCOUNT.accountSid,
      Source: 'API',
      ChatServiceSid: ACCOUNT.chatServiceSid,
      ConversationSid: url.slice(-34),
      MessagingServiceSid: expect.stringMatching(/^MG/),
      MessageSid: message.sid,
      ParticipantSid: message.participant_sid,
      Index: '0',
      Author: CUSTOMER,
      Body: 'Grüße & 1+1 = 2',
      Attributes: '{}',
      DateCreated: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      RetryCount: '0',
      WebhookType: 'webhook',
      WebhookSid: webhook.sid,
    });
  });

  test('come as a form with %20 for blanks, signed, under Twilio’s name', async () => {
    await hook(['onMessageAdded']);

    await post('a b+c');

    const [call] = await settledCalls();
    expect(call?.rawBody).toContain('Body=a%20b%2Bc');
    expect(call?.headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'user-agent': 'TwilioProxy/1.1',
      'i-twilio-idempotency-token': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const signature = String(call?.headers['x-twilio-signature']);
    const check = (token: string) =>
      validateRequest(token, signature, stage.hookUrl, call?.form ?? {});
    expect([check(ACCOUNT.authToken), check('other')]).toEqual([true, false]);
  });

  test('are signed for the whole URL when they come as GET', async () => {
    await stage.rest('POST', `${url}/Webhooks`, [
      ['Target', 'webhook'],
      ['Configuration.Url', `${stage.hookUrl}?a=1`],
      ['Configuration.Method', 'get'],
      ['Configuration.Filters', 'onMessageAdded'],
    ]);

    await post('a b');

    const [call] = await settledCalls();
    const called = new URL(call?.url ?? '', stage.hookUrl).href;
    const signature = String(call?.headers['x-twilio-signature']);
    expect(call).toMatchObject({ method: 'GET', rawBody: '' });
    expect(called).toContain('?a=1&EventType=onMessageAdded');
    expect(validateRequest(ACCOUNT.authToken, signature, called, {})).toBe(true);
  });

  test('hear only what their filters name', async () => {
    await hook(['onParticipantAdded']);
    await hook([]);

    await post('not for them');

    expect(await settledCalls()).toEqual([]);
  });

  test('are called for a trigger word', async () => {
    await stage.rest('POST', `${url}/Webhooks`, [
      ['Target', 'trigger'],
      ['Configuration.Url', stage.hookUrl],
      ['Configuration.Triggers', 'help'],
    ]);

    await post('hello');
    await post('please help');

    expect((await settledCalls()).map(({ form }) => form['Body'])).toEqual(['please help']);
  });

  test('are at most five', async () => {
    for (let count = 0; count < 5; count += 1) await hook(ALL);

    const sixth = await hook(ALL);

    expect(sixth).toMatchObject({ status: 400, body: { code: 50361 } });
    const { body } = await stage.rest('GET', `${url}/Webhooks`);
    expect([body.webhooks.length, body.meta.page_size]).toEqual([5, 5]);
  });

  test.each<[string, Form]>([
    ['an event that does not exist', [['Configuration.Filters', 'onMessageAdd']]],
    ['another method', [['Configuration.Method', 'PUT']]],
    ['a relative URL', [['Configuration.Url', '/hook']]],
    ['a retry count', [['Configuration.RetryCount', '3']]],
    ['no URL', []],
  ])('refuse %s', async (_, form) => {
    const answer = await stage.rest('POST', `${url}/Webhooks`, [['Target', 'webhook'], ...form]);

    expect(answer).toMatchObject({ status: 400, body: { code: 20001 } });
  });

  // Twilio's samples write it both ways.
  test.each(['POST', 'post'])('take the method %s', async (method) => {
    const { status, body } = await stage.rest('POST', `${url}/Webhooks`, [
      ['Target', 'webhook'],
      ['Configuration.Url', stage.hookUrl],
      ['Configuration.Method', method],
      ['Configuration.Filters', 'onMessageAdded'],
    ]);
    await post('Hello');

    expect([status, body.configuration.method]).toEqual([201, 'post']);
    expect((await settledCalls()).map((call) => call.method)).toEqual(['POST']);
  });

  test('replay messages from an index on', async () => {
    for (const body of ['zero', 'one', 'two']) await post(body, {});

    await hook(['onMessageAdded'], [['Configuration.ReplayAfter', '1']]);

    const bodies = (await settledCalls()).map(({ form }) => form['Body']);
    expect(bodies.toSorted()).toEqual(['one', 'two']);
  });

  test('fall silent once they are deleted, and follow an update', async () => {
    const { body: deleted } = await hook(['onMessageAdded']);
    const { body: updated } = await hook(['onMessageAdded']);
    await stage.rest('DELETE', `${url}/Webhooks/${deleted.sid}`);
    const change = await stage.rest('POST', `${url}/Webhooks/${updated.sid}`, [
      ['Configuration.Filters', 'onConversationStateUpdated'],
    ]);

    await post('for nobody');
    await stage.rest('POST', url, [['State', 'closed']], ENABLED);

    expect(change.body.configuration).toMatchObject({ url: stage.hookUrl, method: 'post' });
    expect(await settledCalls()).toMatchObject([
      { form: { StateFrom: 'active', StateTo: 'closed', Reason: 'API', WebhookSid: updated.sid } },
    ]);
  });
});

describe('a webhook that fails', () => {
  afterEach(async () => stage.close());

  test('is not called again, and is reported', async () => {
    const lines: string[] = [];
    stage = await setStage({ log: (line) => lines.push(line) }, () => 503);
    url = await stage.openConversation();
    await hook(['onMessageAdded']);

    await post('hello');

    expect(await settledCalls()).toHaveLength(1);
    expect(stage.twilio.deliveries()).toMatchObject([{ status: 503 }]);
    expect(lines).toEqual([`Twilio 50057: onMessageAdded to ${stage.hookUrl}: 503`]);
  });

  test('is given up after its time', async () => {
    const lines: string[] = [];
    const slow = { webhookTimeoutMs: 30, log: (line: string) => lines.push(line) };
    stage = await setStage(slow, () => new Promise<number>(() => {}));
    url = await stage.openConversation();
    await hook(['onMessageAdded']);

    await post('hello');

    await stage.twilio.settled();
    expect(stage.twilio.deliveries()).toMatchObject([{ failure: 'timed out' }]);
    expect(lines[0]).toMatch(/^Twilio 50076: /);
  });

  test('does not hold up the end of the simulator', async () => {
    stage = await setStage({}, () => new Promise<number>(() => {}));
    url = await stage.openConversation();
    await hook(['onMessageAdded']);
    await post('hello');
    while (stage.calls.length === 0) await sleep(5);

    await stage.twilio.close();

    expect(stage.twilio.deliveries()).not.toMatchObject([{ status: 200 }]);
  });
});
