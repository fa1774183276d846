import type { ApiKeyType } from '#local/emulators/twilio/options';
import { ACCOUNT, basic, type Stage, setStage } from '../support/stage.ts';

const API = 'api.twilio.com/2010-04-01/Accounts';
const { accountSid, authToken, chatServiceSid, workspaceSid } = ACCOUNT;

const keyOf = (type: ApiKeyType) => ({
  sid: `SK${{ main: '1', standard: '2', restricted: '3' }[type].repeat(32)}`,
  secret: `secret of the ${type} key`,
  type,
});

const MAIN_ONLY = [
  `${API}.json`,
  `${API}/${accountSid}.json`,
  `${API}/${accountSid}/Keys.json`,
  `${API}/${accountSid}/Keys/${keyOf('main').sid}.json`,
  `${API}/${accountSid}/SigningKeys.json`,
  'iam.twilio.com/v1/Keys',
  `iam.twilio.com/v1/Keys/${keyOf('main').sid}`,
];

let stage: Stage;

const get = (path: string, type: ApiKeyType) => {
  const { sid, secret } = keyOf(type);
  return stage.rest('GET', path, undefined, { authorization: basic(sid, secret) });
};

describe('what an API key may do', () => {
  beforeEach(async () => {
    const apiKeys = (['main', 'standard', 'restricted'] as const).map(keyOf);
    stage = await setStage({ account: { ...ACCOUNT, apiKeys } });
  });
  afterEach(async () => stage.close());

  test.each(MAIN_ONLY)('a Standard key may not read %s', async (path) => {
    expect(await get(path, 'standard')).toMatchObject({ status: 401, body: { code: 20003 } });
  });

  test.each(['POST', 'DELETE'])('a Standard key may not %s a key', async (method) => {
    const { sid, secret } = keyOf('standard');

    const answer = await stage.rest(method, `${API}/${accountSid}/Keys/${sid}.json`, undefined, {
      authorization: basic(sid, secret),
    });

    expect(answer).toMatchObject({ status: 401, body: { code: 20003 } });
  });

  test.each([
    `conversations.twilio.com/v1/Services/${chatServiceSid}`,
    'flex-api.twilio.com/v1/Configuration',
    `taskrouter.twilio.com/v1/Workspaces/${workspaceSid}`,
    'studio.twilio.com/v2/Flows',
    'events.twilio.com/v1/Sinks',
    `chat.twilio.com/v2/Services/${chatServiceSid}`,
  ])('a Standard key may read %s', async (path) => {
    expect((await get(path, 'standard')).status).toBe(200);
  });

  test('a Main key may read the account and its keys, as the auth token may', async () => {
    const paths = [
      `${API}/${accountSid}.json`,
      `${API}/${accountSid}/Keys/${keyOf('main').sid}.json`,
    ];
    for (const path of paths) {
      const byToken = { authorization: basic(accountSid, authToken) };

      expect((await get(path, 'main')).status).toBe(200);
      expect((await stage.rest('GET', path, undefined, byToken)).status).toBe(200);
    }
  });

  test.each([
    'conversations.twilio.com/v1/Configuration',
    'flex-api.twilio.com/v1/Configuration',
    `chat.twilio.com/v2/Services/${chatServiceSid}`,
  ])('a restricted key has no permission for %s', async (path) => {
    expect(await get(path, 'restricted')).toMatchObject({ status: 403, body: { code: 20403 } });
  });

  test('a restricted key may have permissions for TaskRouter, and none for accounts', async () => {
    const workspace = await get(
      `taskrouter.twilio.com/v1/Workspaces/${workspaceSid}`,
      'restricted',
    );
    const account = await get(`${API}/${accountSid}.json`, 'restricted');

    expect([workspace.status, account.status]).toEqual([200, 401]);
  });

  test('a key that says nothing of its type is a Standard key', async () => {
    await stage.close();
    stage = await setStage();

    expect(await stage.rest('GET', `${API}/${accountSid}.json`)).toMatchObject({ status: 401 });
  });
});
