import {
  ACCOUNT,
  type Answer,
  AUTHORIZATION,
  basic,
  CONVERSATIONS,
  ENABLED,
  type Stage,
  setStage,
} from '../support/stage.ts';

let stage: Stage;

async function send(path: string, init: RequestInit): Promise<Answer> {
  const answer = await fetch(`${stage.twilio.url}/${path}`, {
    ...init,
    headers: { authorization: AUTHORIZATION, ...init.headers },
  });
  return { status: answer.status, body: await answer.json() };
}

describe('the REST API', () => {
  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(async () => stage.close());

  test.each([
    ['the auth token', basic(ACCOUNT.accountSid, ACCOUNT.authToken)],
    ['an API key', AUTHORIZATION],
  ])('takes %s', async (_, authorization) => {
    const answer = await stage.rest('GET', CONVERSATIONS, undefined, { authorization });

    expect(answer.status).toBe(200);
  });

  test.each([
    ['no credentials', ''],
    ['a wrong secret', basic(ACCOUNT.apiKeys[0]?.sid ?? '', 'wrong')],
    ['the token of another account', basic(`AC${'9'.repeat(32)}`, ACCOUNT.authToken)],
    ['another scheme', AUTHORIZATION.replace('Basic', 'Bearer')],
  ])('refuses %s', async (_, authorization) => {
    const answer = await stage.rest('POST', CONVERSATIONS, [], { authorization });

    expect(answer).toEqual({
      status: 401,
      body: {
        code: 20003,
        message: 'Authenticate',
        more_info: 'https://www.twilio.com/docs/errors/20003',
        status: 401,
      },
    });
  });

  test.each([
    ['GET', 'conversations.twilio.com/v1/Nothing'],
    ['GET', 'conversations.twilio.com/v1/Conversations/'],
    ['PUT', CONVERSATIONS],
    ['GET', 'nowhere.twilio.com/v1/Conversations'],
    ['GET', `flex-api.twilio.com/v1/Conversations`],
    ['GET', `conversations.twilio.com/v1/Services/IS${'9'.repeat(32)}/Conversations`],
    ['GET', `${CONVERSATIONS}/CH${'9'.repeat(32)}`],
    ['GET', ''],
  ])('answers 404 to %s %s', async (method, path) => {
    const answer = await stage.rest(method, path);

    expect(answer).toMatchObject({ status: 404, body: { code: 20404, status: 404 } });
  });

  test.each<[string, string, RequestInit]>([
    [
      'a JSON body',
      CONVERSATIONS,
      { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } },
    ],
    ['a POST with a query', `${CONVERSATIONS}?FriendlyName=a`, { method: 'POST' }],
    ['an unknown query parameter', `${CONVERSATIONS}?pageSize=5`, { method: 'GET' }],
    ['a page that is too large', `${CONVERSATIONS}?PageSize=101`, { method: 'GET' }],
    [
      'a webhook header that is neither true nor false',
      CONVERSATIONS,
      { method: 'POST', headers: { 'X-Twilio-Webhook-Enabled': 'yes' } },
    ],
  ])('refuses %s', async (_, path, init) => {
    expect(await send(path, init)).toMatchObject({ status: 400, body: { code: 20001 } });
  });

  test('changes nothing by a request that it refuses', async () => {
    const before = stage.twilio.world.conversations.size;

    await stage.rest('POST', CONVERSATIONS, [['FriendlyNam', 'x']]);

    expect(stage.twilio.world.conversations.size).toBe(before);
  });

  test('shows the requests it has seen, on Twilio’s host', async () => {
    await stage.rest('GET', `${CONVERSATIONS}?PageSize=1`);
    await stage.rest(
      'POST',
      CONVERSATIONS,
      [
        ['Configuration.Filters', 'a'],
        ['Configuration.Filters', 'b'],
        ['FriendlyName', 'c d'],
      ],
      ENABLED,
    );

    const { body } = await stage.desk('GET', '/agent/requests');

    expect(body.slice(-2)).toEqual([
      {
        method: 'GET',
        url: 'https://conversations.twilio.com/v1/Conversations?PageSize=1',
        form: {},
        webhookEnabled: false,
        status: 200,
        at: expect.stringMatching(/^\d{4}-.*Z$/),
      },
      {
        method: 'POST',
        url: 'https://conversations.twilio.com/v1/Conversations',
        form: { 'Configuration.Filters': ['a', 'b'], FriendlyName: 'c d' },
        webhookEnabled: true,
        status: 400,
        at: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
  });

  test('keeps the last 1000 requests', async () => {
    for (let sent = 0; sent < 1010; sent += 1) await stage.rest('GET', `nowhere/${sent}`);

    const { body } = await stage.desk('GET', '/agent/requests');

    expect(body).toHaveLength(1000);
    expect(body.at(-1).url).toBe('https://nowhere/1009');
  });
});
