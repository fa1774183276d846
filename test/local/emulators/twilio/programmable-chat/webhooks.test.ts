import { signWebhook } from '#local/emulators/twilio/webhooks/signature';
import { addWebhook, CHANNELS, heard, SERVICE } from '../support/programmable-chat-stage.ts';
import {
  ACCOUNT,
  CONVERSATIONS,
  CUSTOMER,
  ENABLED,
  type Stage,
  setStage,
} from '../support/stage.ts';

let stage: Stage;
let channel: string;
let statuses: number[];

const post = (body: string, headers: object = ENABLED) =>
  stage.rest(
    'POST',
    `${CHANNELS}/${channel}/Messages`,
    [
      ['From', CUSTOMER],
      ['Body', body],
    ],
    headers,
  );

describe('webhooks of Programmable Chat', () => {
  beforeEach(async () => {
    statuses = [];
    stage = await setStage({}, () => statuses.shift() ?? 200);
    const { body } = await stage.rest('POST', CHANNELS, [
      ['FriendlyName', 'Grace'],
      ['Type', 'private'],
    ]);
    channel = body.sid;
  });
  afterEach(async () => stage.close());

  test('tell of a message that was posted with the header, signed', async () => {
    const { body } = await addWebhook(stage, channel, ['onMessageSent']);

    await post('untold', {});
    await post('Hello & good day');

    expect(await heard(stage)).toEqual([
      {
        EventType: 'onMessageSent',
        AccountSid: ACCOUNT.accountSid,
        InstanceSid: ACCOUNT.chatServiceSid,
        ChannelSid: channel,
        MessageSid: expect.stringMatching(/^IM/),
        Index: '1',
        From: CUSTOMER,
        Body: 'Hello & good day',
        Attributes: '{}',
        DateCreated: expect.stringMatching(/\.\d{3}Z$/),
        Source: 'API',
        RetryCount: '0',
        WebhookType: 'webhook',
        WebhookSid: body.sid,
      },
    ]);
    const [call] = stage.calls;
    expect(call?.headers['x-twilio-signature']).toBe(
      signWebhook(ACCOUNT.authToken, stage.hookUrl, call?.form ?? {}),
    );
  });

  test('tell of members and changes of the channel', async () => {
    await addWebhook(stage, channel, ['onMemberAdded', 'onMemberUpdated', 'onChannelUpdated']);
    const members = `${CHANNELS}/${channel}/Members`;

    await stage.rest('POST', members, [['Identity', CUSTOMER]], ENABLED);
    await stage.rest(
      'POST',
      `${members}/${CUSTOMER}`,
      [['LastConsumedMessageIndex', '0']],
      ENABLED,
    );
    await stage.rest('POST', `${CHANNELS}/${channel}`, [['Attributes', '{"a":1}']], ENABLED);

    expect(await heard(stage)).toEqual([
      expect.objectContaining({
        EventType: 'onChannelUpdated',
        ChannelType: 'private',
        CreatedBy: 'system',
        FriendlyName: 'Grace',
        Attributes: '{"a":1}',
      }),
      expect.objectContaining({
        EventType: 'onMemberAdded',
        MemberSid: expect.stringMatching(/^MB/),
        Identity: CUSTOMER,
      }),
      expect.objectContaining({
        EventType: 'onMemberUpdated',
        Identity: CUSTOMER,
        LastConsumedMessageIndex: '0',
      }),
    ]);
  });

  test('have no field of Conversations', async () => {
    await addWebhook(stage, channel, ['onMessageSent', 'onMemberAdded', 'onChannelUpdated']);

    await post('Hello');
    await stage.rest('POST', `${CHANNELS}/${channel}/Members`, [['Identity', 'bob']], ENABLED);
    await stage.rest('POST', `${CHANNELS}/${channel}`, [['FriendlyName', 'Bob']], ENABLED);

    const names = new Set((await heard(stage)).flatMap((form) => Object.keys(form)));
    const foreign = ['ConversationSid', 'ChatServiceSid', 'Author', 'State', 'ParticipantSid'];
    expect(foreign.filter((name) => names.has(name))).toEqual([]);
    expect(names).toContain('ChannelSid');
  });

  test('are not in on a replay for a webhook of Conversations', async () => {
    await post('Hello', {});
    await addWebhook(stage, channel, ['onMessageSent']);
    await stage.rest('POST', SERVICE, [
      ['PostWebhookUrl', stage.hookUrl],
      ['WebhookFilters', 'onMessageSent'],
    ]);

    await stage.rest('POST', `${CONVERSATIONS}/${channel}/Webhooks`, [
      ['Target', 'webhook'],
      ['Configuration.Url', stage.hookUrl],
      ['Configuration.Filters', 'onMessageAdded'],
      ['Configuration.ReplayAfter', '0'],
    ]);

    expect(await heard(stage)).toMatchObject([{ EventType: 'onMessageAdded' }]);
  });

  test('are at most five for a channel', async () => {
    for (let count = 0; count < 5; count += 1) await addWebhook(stage, channel, ['onMessageSent']);

    const sixth = await addWebhook(stage, channel, ['onMessageSent']);

    expect(sixth).toMatchObject({ status: 400, body: { code: 50321 } });
  });

  test('are listed, changed and deleted', async () => {
    const { body } = await addWebhook(
      stage,
      channel,
      ['onMessageSent'],
      [['Configuration.RetryCount', '3']],
    );
    const url = `${CHANNELS}/${channel}/Webhooks/${body.sid}`;

    const listed = await stage.rest('GET', `${CHANNELS}/${channel}/Webhooks`);
    const changed = await stage.rest('POST', url, [['Configuration.Filters', 'onMemberAdded']]);
    const deleted = await stage.rest('DELETE', url);

    const configuration = { url: stage.hookUrl, filters: ['onMessageSent'], retry_count: 3 };
    expect(listed.body.webhooks).toMatchObject([{ sid: body.sid, type: 'webhook', configuration }]);
    expect(changed.body.configuration).toMatchObject({
      ...configuration,
      filters: ['onMemberAdded'],
    });
    expect(deleted.status).toBe(204);
    expect((await stage.rest('GET', url)).status).toBe(404);
  });

  test.each([
    ['without an address', [['Type', 'webhook']]],
    [
      'to a flow that is none',
      [
        ['Type', 'studio'],
        ['Configuration.FlowSid', `FW${'9'.repeat(32)}`],
      ],
    ],
    [
      'with four retries',
      [
        ['Type', 'webhook'],
        ['Configuration.RetryCount', '4'],
      ],
    ],
    [
      'with another method',
      [
        ['Type', 'webhook'],
        ['Configuration.Method', 'put'],
      ],
    ],
  ] as const)('are refused %s', async (_, form) => {
    const { status } = await stage.rest('POST', `${CHANNELS}/${channel}/Webhooks`, form);

    expect(status).toBe(400);
  });

  test.each(['GET', 'get'])('take the method %s', async (method) => {
    const { status, body } = await stage.rest('POST', `${CHANNELS}/${channel}/Webhooks`, [
      ['Type', 'webhook'],
      ['Configuration.Url', stage.hookUrl],
      ['Configuration.Method', method],
    ]);

    expect([status, body.configuration.method]).toEqual([201, 'GET']);
  });

  test.each([429, 503, 504])('are repeated after %i, as often as asked for', async (status) => {
    await addWebhook(stage, channel, ['onMessageSent'], [['Configuration.RetryCount', '2']]);
    statuses = [status, status, status, 200];

    await post('Hello');

    const forms = await heard(stage);
    const tokens = stage.calls.map(({ headers }) => headers['i-twilio-idempotency-token']);
    expect(forms.map((form) => form['RetryCount'])).toEqual(['0', '1', '2']);
    expect(new Set(tokens).size).toBe(1);
    for (const { headers, form } of stage.calls) {
      const signature = signWebhook(ACCOUNT.authToken, stage.hookUrl, form);
      expect(headers['x-twilio-signature']).toBe(signature);
    }
  });

  test.each([
    ['after another error', 500, '3'],
    ['without being asked', 503, '0'],
  ])('are not repeated %s', async (_, status, retries) => {
    await addWebhook(stage, channel, ['onMessageSent'], [['Configuration.RetryCount', retries]]);
    statuses = [status];

    await post('Hello');

    expect(await heard(stage)).toHaveLength(1);
  });

  test('are repeated after a time-out', async () => {
    await stage.close();
    const never = new Promise<number>(() => {});
    let answers = 0;
    // Long enough for the second answer on a busy machine.
    stage = await setStage({ webhookTimeoutMs: 2_000 }, () => (answers++ === 0 ? never : 200));
    channel = (await stage.rest('POST', CHANNELS)).body.sid;
    await addWebhook(stage, channel, ['onMessageSent'], [['Configuration.RetryCount', '1']]);

    await post('Hello');
    await stage.twilio.settled();

    expect(stage.twilio.deliveries()).toEqual([
      expect.objectContaining({ failure: 'timed out' }),
      expect.objectContaining({ status: 200 }),
    ]);
  });
});

describe('the webhook of the chat service', () => {
  const WIDGET = `FW${'2'.repeat(32)}`;

  const listen = (...filters: string[]) =>
    stage.rest('POST', SERVICE, [
      ['PostWebhookUrl', stage.hookUrl],
      ...filters.map((filter) => ['WebhookFilters', filter] as const),
    ]);

  /** A conversation whose first message starts a flow that answers with its widget. */
  async function converse(): Promise<string> {
    const url = await stage.openConversation();
    await stage.rest('POST', `${url}/Webhooks`, [
      ['Target', 'studio'],
      ['Configuration.FlowSid', WIDGET],
    ]);
    const form = [['Author', CUSTOMER] as const, ['Body', 'Hello'] as const];
    await stage.rest('POST', `${url}/Messages`, form, ENABLED);
    await stage.twilio.settled();
    return url.slice(-34);
  }

  afterEach(async () => stage.close());

  test('hears what a widget of Studio says in a conversation, in the words of Chat', async () => {
    stage = await setStage();
    await listen('onMessageSent');

    const conversation = await converse();

    const forms = await heard(stage);
    expect(forms.map((form) => form['Body'])).toEqual(['Hello', 'Hello from a widget.']);
    expect(forms[1]).toMatchObject({
      EventType: 'onMessageSent',
      InstanceSid: ACCOUNT.chatServiceSid,
      ChannelSid: conversation,
      From: conversation,
      Index: '1',
      Source: 'API',
    });
    expect(forms[1]).not.toHaveProperty('WebhookSid');
    expect(forms[1]).not.toHaveProperty('ConversationSid');
  });

  test('stays silent for events that it does not filter for', async () => {
    stage = await setStage();
    await listen('onChannelUpdated');

    await converse();

    expect(await heard(stage)).toEqual([]);
  });

  test('comes as late as configured', async () => {
    const delayMs = 60;
    stage = await setStage({ chatServiceWebhookDelayMs: delayMs });
    await listen('onMessageSent');
    const conversation = await stage.openConversation();
    const before = performance.now();

    await stage.rest('POST', `${conversation}/Messages`, [['Body', 'Hello']], ENABLED);
    await stage.twilio.settled();

    expect(performance.now() - before).toBeGreaterThanOrEqual(delayMs - 1);
    expect(stage.calls).toHaveLength(1);
  });

  test('does not hear a message that was posted without the header', async () => {
    stage = await setStage();
    await listen('onMessageSent');
    const { body } = await stage.rest('POST', CONVERSATIONS);

    await stage.rest('POST', `${CONVERSATIONS}/${body.sid}/Messages`, [['Body', 'Hello']]);

    expect(await heard(stage)).toEqual([]);
  });
});
