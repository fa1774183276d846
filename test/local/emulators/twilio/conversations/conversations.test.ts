import {
  ACCOUNT,
  CONVERSATIONS,
  CUSTOMER,
  ENABLED,
  type Stage,
  setStage,
} from '../support/stage.ts';

const SERVICE = `conversations.twilio.com/v1/Services/${ACCOUNT.chatServiceSid}`;
const MINUTE_MS = 60_000;

let stage: Stage;
let nowMs = Date.parse('2026-01-05T10:20:30.412Z');

const refused = (code: number, status = 400) => ({ status, body: { code, status } });

describe('conversations', () => {
  beforeAll(async () => {
    stage = await setStage({ clock: { now: () => nowMs } });
  });
  afterAll(async () => stage.close());

  test('are created active, with what Twilio answers', async () => {
    const { status, body } = await stage.rest('POST', CONVERSATIONS, [
      ['FriendlyName', 'Grace'],
      ['UniqueName', 'chat-1'],
      ['Attributes', '{"from":"Grace"}'],
    ]);

    expect(status).toBe(201);
    expect(body).toMatchObject({
      sid: expect.stringMatching(/^CH[0-9a-f]{32}$/),
      account_sid: ACCOUNT.accountSid,
      chat_service_sid: ACCOUNT.chatServiceSid,
      friendly_name: 'Grace',
      unique_name: 'chat-1',
      attributes: '{"from":"Grace"}',
      state: 'active',
      timers: {},
      date_created: '2026-01-05T10:20:30Z',
      url: `https://${CONVERSATIONS}/${body.sid}`,
      links: { messages: `https://${CONVERSATIONS}/${body.sid}/Messages` },
    });
  });

  test('are the same under the default service and the named one, by SID and unique name', async () => {
    const created = await stage.rest('POST', `${SERVICE}/Conversations`, [['UniqueName', 'a/b']]);

    const bySid = await stage.rest('GET', `${CONVERSATIONS}/${created.body.sid}`);
    const byName = await stage.rest('GET', `${SERVICE}/Conversations/a%2Fb`);

    expect(bySid.body.sid).toBe(created.body.sid);
    expect(byName.body.url).toBe(`https://${SERVICE}/Conversations/${created.body.sid}`);
  });

  test('refuse a unique name that is taken', async () => {
    await stage.rest('POST', CONVERSATIONS, [['UniqueName', 'taken']]);

    const second = await stage.rest('POST', CONVERSATIONS, [['UniqueName', 'taken']]);

    expect(second).toMatchObject(refused(50353, 409));
  });

  test.each([
    ['a unique name that looks like a SID', 'UniqueName', `CH${'0'.repeat(32)}`, 50390],
    ['to be created closed', 'State', 'closed', 50384],
    ['attributes that are no JSON', 'Attributes', 'Grace', 50304],
    ['attributes over 16 KB', 'Attributes', `"${'a'.repeat(16 * 1024)}"`, 50304],
    ['a timer under a minute', 'Timers.Inactive', 'PT59S', 50375],
    ['a closing timer under ten minutes', 'Timers.Closed', 'PT9M', 50376],
    ['a state that does not exist', 'State', 'open', 20001],
  ])('refuse %s', async (_, name, value, code) => {
    expect(await stage.rest('POST', CONVERSATIONS, [[name, value]])).toMatchObject(refused(code));
  });

  test('are final once they are closed', async () => {
    const url = await stage.openConversation();
    await stage.rest('POST', `${url}/Messages`, [['Body', 'Hello']]);
    const customer = await customerOf(url);
    const closed = await stage.rest('POST', url, [['State', 'closed']]);

    const writes = await Promise.all([
      stage.rest('POST', url, [['State', 'active']]),
      stage.rest('POST', `${url}/Messages`, [['Body', 'more']]),
      stage.rest('POST', `${url}/Participants`, [['Identity', 'another']]),
      stage.rest('POST', customer, [['LastReadMessageIndex', '0']]),
      stage.rest('DELETE', customer),
      stage.rest('POST', `${url}/Webhooks`, [
        ['Target', 'webhook'],
        ['Configuration.Url', stage.hookUrl],
      ]),
    ]);

    expect(closed.body.state).toBe('closed');
    for (const write of writes) expect(write).toMatchObject(refused(50377));
    expect((await stage.rest('GET', `${url}/Messages`)).body.messages).toHaveLength(1);
  });

  test('fall inactive and close by their timers, and wake by a message', async () => {
    const { body } = await stage.rest('POST', CONVERSATIONS, [
      ['Timers.Inactive', 'PT1M'],
      ['Timers.Closed', 'PT10M'],
    ]);
    const url = `${CONVERSATIONS}/${body.sid}`;
    const stateAfter = async (minutes: number) => {
      nowMs += minutes * MINUTE_MS;
      return (await stage.rest('GET', url)).body.state;
    };

    const idle = await stateAfter(2);
    await stage.rest('POST', `${url}/Messages`, [['Body', 'still here']]);
    const awake = await stateAfter(0.5);
    const almost = await stateAfter(9);
    const over = await stateAfter(1);

    expect(body.timers).toEqual({
      date_inactive: expect.any(String),
      date_closed: expect.any(String),
    });
    expect([idle, awake, almost, over]).toEqual(['inactive', 'active', 'inactive', 'closed']);
  });

  test('are gone once they are deleted', async () => {
    const url = await stage.openConversation();

    const deleted = await stage.rest('DELETE', url);

    expect(deleted).toEqual({ status: 204, body: undefined });
    expect((await stage.rest('GET', url)).status).toBe(404);
  });

  test('name the account’s default service', async () => {
    const { body } = await stage.rest('GET', 'conversations.twilio.com/v1/Configuration');

    expect(body.default_chat_service_sid).toBe(ACCOUNT.chatServiceSid);
  });
});

describe('participants', () => {
  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(async () => stage.close());

  test('are found by SID and by identity, each once', async () => {
    const url = await stage.openConversation();

    const byIdentity = await stage.rest('GET', `${url}/Participants/${CUSTOMER}`);
    const bySid = await stage.rest('GET', `${url}/Participants/${byIdentity.body.sid}`);
    const again = await stage.rest('POST', `${url}/Participants`, [['Identity', CUSTOMER]]);

    expect(bySid.body).toEqual(byIdentity.body);
    expect(byIdentity.body).toMatchObject({
      sid: expect.stringMatching(/^MB/),
      identity: CUSTOMER,
      attributes: '{}',
      messaging_binding: null,
      last_read_message_index: null,
    });
    expect(again).toMatchObject(refused(50433, 409));
  });

  test('need an identity', async () => {
    const url = await stage.openConversation();

    expect(await stage.rest('POST', `${url}/Participants`)).toMatchObject(refused(20001));
  });

  test.each(['POST', 'DELETE'] as const)('take no identity for %s', async (method) => {
    const url = await stage.openConversation();

    const refusal = await stage.rest(method, `${url}/Participants/${CUSTOMER}`);

    expect(refusal).toMatchObject(refused(20404, 404));
  });

  test('move their read horizon', async () => {
    const url = await stage.openConversation();

    const { body } = await stage.rest('POST', await customerOf(url), [
      ['LastReadMessageIndex', '7'],
    ]);

    expect(body.last_read_message_index).toBe(7);
    expect(body.last_read_timestamp).toMatch(/Z$/);
  });

  test('are listed with their conversations, open and closed', async () => {
    const identity = 'regular';
    const { body } = await stage.rest('POST', CONVERSATIONS, [['UniqueName', 'regular-1']]);
    await stage.rest('POST', `${CONVERSATIONS}/regular-1/Participants`, [['Identity', identity]]);
    await stage.rest('POST', `${CONVERSATIONS}/regular-1`, [['State', 'closed']]);

    const list = 'conversations.twilio.com/v1/ParticipantConversations';
    const found = await stage.rest('GET', `${list}?Identity=${identity}`);
    const both = await stage.rest('GET', `${list}?Identity=a&Address=b`);

    expect(found.body.conversations).toMatchObject([
      {
        conversation_sid: body.sid,
        conversation_unique_name: 'regular-1',
        conversation_state: 'closed',
        participant_identity: identity,
      },
    ]);
    expect(both).toMatchObject(refused(50451));
  });

  test('are users of the service, with names', async () => {
    await stage.openConversation();
    const users = `${SERVICE}/Users`;

    const unnamed = await stage.rest('GET', `${users}/${CUSTOMER}`);
    await stage.rest('POST', `${users}/${CUSTOMER}`, [['FriendlyName', 'Grace']], ENABLED);
    const named = await stage.rest('GET', `${users}/${unnamed.body.sid}`);
    const again = await stage.rest('POST', users, [['Identity', CUSTOMER]]);
    const unknown = await stage.rest('GET', `${users}/nobody`);

    expect(unnamed.body).toMatchObject({ identity: CUSTOMER, friendly_name: null });
    expect(named.body.friendly_name).toBe('Grace');
    expect(again).toMatchObject(refused(50201, 409));
    expect(unknown.status).toBe(404);
  });
});

/** The customer's participant, by its SID. */
async function customerOf(url: string): Promise<string> {
  const { body } = await stage.rest('GET', `${url}/Participants/${CUSTOMER}`);
  return `${url}/Participants/${body.sid}`;
}
