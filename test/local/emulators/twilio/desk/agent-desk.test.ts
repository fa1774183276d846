import { get } from 'node:http';
import {
  ACCOUNT,
  type Answer,
  type Call,
  CUSTOMER,
  type Json,
  type Stage,
  setStage,
} from '../support/stage.ts';

const INTERACTIONS = 'flex-api.twilio.com/v1/Interactions';
const USERS = 'conversations.twilio.com/v1/Users';
const ADA = 'ada_40example_2Ecom';
const ALL = [
  'onMessageAdded',
  'onParticipantAdded',
  'onParticipantUpdated',
  'onParticipantRemoved',
  'onConversationStateUpdated',
];

let stage: Stage;
let conversation: string;
let interaction: Answer;
let task: string;

async function open(): Promise<void> {
  conversation = await stage.openConversation();
  await stage.rest('POST', `${conversation}/Webhooks`, [
    ['Target', 'webhook'],
    ['Configuration.Url', stage.hookUrl],
    ['Configuration.Method', 'post'],
    ...ALL.map((event) => ['Configuration.Filters', event] as const),
  ]);
  interaction = await interact();
  await stage.twilio.settled();
  const { body } = await stage.desk('GET', '/agent/tasks');
  task = `/agent/tasks/${body[0]?.sid}`;
}

const interact = (): Promise<Answer> =>
  stage.rest('POST', INTERACTIONS, [
    [
      'Channel',
      JSON.stringify({
        type: 'web',
        initiated_by: 'customer',
        properties: { media_channel_sid: conversation.slice(-34) },
      }),
    ],
    [
      'Routing',
      JSON.stringify({
        properties: {
          workspace_sid: ACCOUNT.workspaceSid,
          workflow_sid: ACCOUNT.workflows[0]?.sid,
          attributes: { from: 'Grace', channelType: 'web' },
        },
      }),
    ],
  ]);

const invite = (): Promise<Answer> => {
  const { sid, channel } = interaction.body;
  const properties = { workspace_sid: ACCOUNT.workspaceSid, attributes: { from: 'Grace' } };
  return stage.rest('POST', `${INTERACTIONS}/${sid}/Channels/${channel.sid}/Invites`, [
    ['Routing', JSON.stringify({ properties })],
  ]);
};

/** Webhooks keep no order among each other. */
const byEventType = (one: Call['form'], other: Call['form']): number =>
  (one['EventType'] ?? '').localeCompare(other['EventType'] ?? '');

async function heard(): Promise<Call['form'][]> {
  await stage.twilio.settled();
  return stage.calls.map(({ form }) => form);
}

describe('the agent’s desk', () => {
  beforeEach(async () => {
    stage = await setStage();
    await open();
  });
  afterEach(async () => stage.close());

  test('lists the task of an interaction with its attributes as an object', async () => {
    const { body } = await stage.desk('GET', '/agent/tasks');

    expect(interaction.status).toBe(200);
    expect(body).toEqual([
      {
        sid: interaction.body.routing.properties.sid,
        status: 'pending',
        customerTyping: false,
        channelSid: conversation.slice(-34),
        attributes: expect.objectContaining({
          from: 'Grace',
          customerAddress: CUSTOMER,
          flexInteractionSid: interaction.body.sid,
        }),
      },
    ]);
  });

  test('lets the agent join, under an encoded identity and a display name', async () => {
    const accepted = await stage.desk('POST', `${task}/accept`, { name: 'Ada Lovelace' });

    const identity = 'ada_2Elovelace_40example_2Ecom';
    const user = await stage.rest('GET', `conversations.twilio.com/v1/Users/${identity}`);
    expect(accepted).toMatchObject({ status: 200, body: { status: 'accepted' } });
    expect(user.body.friendly_name).toBe('Ada Lovelace');
    expect(await heard()).toEqual([
      expect.objectContaining({
        EventType: 'onParticipantAdded',
        Source: 'SDK',
        ClientIdentity: identity,
        Identity: identity,
        'MessagingBinding.Type': 'CHAT',
      }),
    ]);
  });

  test('gives an agent without a name no display name', async () => {
    await stage.desk('POST', `${task}/accept`);

    const user = await stage.rest('GET', `${USERS}/agent_40example_2Ecom`);
    expect(user.body.friendly_name).toBeNull();
  });

  test('posts for the agent, whose webhooks always fire', async () => {
    await stage.desk('POST', `${task}/accept`, { name: 'Ada' });
    const posted = await stage.desk('POST', `${task}/messages`, { body: 'Hello' });

    expect(posted.body).toEqual({
      index: 0,
      sid: expect.stringMatching(/^IM/),
      author: ADA,
      body: 'Hello',
      attributes: {},
      dateCreated: expect.stringMatching(/Z$/),
    });
    expect(await heard()).toContainEqual(
      expect.objectContaining({ Source: 'SDK', Author: ADA, ClientIdentity: ADA, Body: 'Hello' }),
    );
  });

  test('sends a file without the field Body', async () => {
    const media = { filename: 'map.png', contentType: 'image/png', size: 1234 };
    await stage.desk('POST', `${task}/accept`, { name: 'Ada' });
    await stage.desk('POST', `${task}/messages`, { media });

    const form = (await heard()).find(({ EventType }) => EventType === 'onMessageAdded');
    const { body } = await stage.desk('GET', `${task}/messages`);
    expect(form).not.toHaveProperty('Body');
    expect(JSON.parse(form?.['Media'] ?? '')).toEqual([
      {
        Sid: expect.stringMatching(/^ME/),
        Filename: 'map.png',
        ContentType: 'image/png',
        Size: 1234,
      },
    ]);
    expect(body).toMatchObject([{ body: '', media: [media] }]);
  });

  test('shows the messages with their attributes as objects', async () => {
    await stage.rest('POST', `${conversation}/Messages`, [
      ['Author', CUSTOMER],
      ['Body', 'Hello'],
      ['Attributes', '{"clientMessageId":"m1"}'],
    ]);

    const { body } = await stage.desk('GET', `${task}/messages`);

    expect(body).toMatchObject([{ index: 0, attributes: { clientMessageId: 'm1' } }]);
  });

  test('moves the agent’s read horizon', async () => {
    await stage.desk('POST', `${task}/accept`, { name: 'Ada' });
    await stage.rest('POST', `${conversation}/Messages`, [['Body', 'Hello']]);

    const read = await stage.desk('POST', `${task}/read`, { index: 0 });
    const beyond = await stage.desk('POST', `${task}/read`, { index: 1 });

    expect([read.status, beyond.status]).toEqual([200, 400]);
    expect(await heard()).toContainEqual(
      expect.objectContaining({
        EventType: 'onParticipantUpdated',
        Identity: ADA,
        LastReadMessageIndex: '0',
        Source: 'SDK',
      }),
    );
  });

  describe('“Read” as Flex shows it', () => {
    const read = async () =>
      (await stage.desk('GET', `${task}/messages`)).body
        .filter((message: Json) => message.isRead)
        .map((message: Json) => message.index);
    const customerReads = async (index: number) => {
      const { body } = await stage.rest('GET', `${conversation}/Participants/${CUSTOMER}`);
      const participant = `${conversation}/Participants/${body.sid}`;
      await stage.rest('POST', participant, [['LastReadMessageIndex', String(index)]]);
    };

    beforeEach(async () => {
      await stage.desk('POST', `${task}/accept`, { name: 'Ada' });
      await stage.desk('POST', `${task}/messages`, { body: 'one' });
      await stage.desk('POST', `${task}/messages`, { body: 'two' });
    });

    test('is under no message while the customer has read nothing', async () => {
      expect(await read()).toEqual([]);
    });

    test('is under the last message of the agent alone, once the customer has come to it', async () => {
      await customerReads(0);
      const early = await read();
      await customerReads(1);

      expect([early, await read()]).toEqual([[], [1]]);
    });

    test('is decided by whoever of the others was updated last', async () => {
      await customerReads(1);
      await stage.rest('POST', `${conversation}/Participants`, [['Identity', 'supervisor']]);

      expect(await read()).toEqual([]);
    });
  });

  test('ends the chat: the agent goes, the conversation closes, the task is done', async () => {
    await stage.desk('POST', `${task}/accept`, { name: 'Ada' });

    const completed = await stage.desk('POST', `${task}/complete`);

    expect(completed.body.status).toBe('completed');
    expect((await stage.rest('GET', conversation)).body.state).toBe('closed');
    const forms = (await heard()).toSorted(byEventType);
    expect(forms).toMatchObject([
      { EventType: 'onConversationStateUpdated', StateTo: 'closed' },
      { EventType: 'onParticipantAdded' },
      { EventType: 'onParticipantRemoved', Identity: ADA },
    ]);
  });

  test('lets the agent leave a chat that stays open', async () => {
    await stage.desk('POST', `${task}/accept`, { name: 'Ada' });

    const left = await stage.desk('POST', `${task}/park`);

    expect(left.body.status).toBe('completed');
    expect((await stage.rest('GET', conversation)).body.state).toBe('active');
    expect(await heard()).toContainEqual(
      expect.objectContaining({ EventType: 'onParticipantRemoved', Identity: ADA }),
    );
  });

  test('refuses with 409 what does not fit the task', async () => {
    const early = await stage.desk('POST', `${task}/messages`, { body: 'Hello' });
    const unaccepted = await stage.desk('POST', `${task}/complete`);
    await stage.desk('POST', `${task}/accept`);
    const twice = await stage.desk('POST', `${task}/accept`);
    await stage.desk('POST', `${task}/complete`);
    const late = await stage.desk('POST', `${task}/messages`, { body: 'Hello' });
    const leave = await stage.desk('POST', `${task}/park`);
    const again = await stage.desk('POST', `${task}/complete`);

    const refused = [early, unaccepted, twice, late, leave, again];
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 409));
    expect(early.body.error).toMatch(/^Task WT[0-9a-f]{32} is pending, not accepted$/);
    expect(twice.body.error).toMatch(/ is assigned, not pending$/);
  });

  test('refuses what a closed conversation refuses', async () => {
    await stage.rest('POST', conversation, [['State', 'closed']]);

    const accepted = await stage.desk('POST', `${task}/accept`);

    expect(accepted.status).toBe(409);
    expect((await stage.desk('GET', '/agent/tasks')).body[0].status).toBe('pending');
  });

  test.each([
    ['POST', `/agent/tasks/WT${'9'.repeat(32)}/accept`],
    ['GET', '/agent/nothing'],
    ['POST', '/agent/tasks'],
    ['GET', '/faults'],
  ])('answers 404 to %s %s', async (method, path) => {
    expect((await stage.desk(method, path)).status).toBe(404);
  });

  test.each([
    ['messages', {}, 'body'],
    ['messages', { body: '' }, 'body'],
    ['messages', { body: 'x', media: {} }, 'media.filename'],
    ['messages', { media: { filename: 'a' } }, 'media.contentType'],
    ['messages', { bdy: 'x' }, 'bdy'],
    ['messages', [], 'body'],
    ['read', { index: -1 }, 'index'],
    ['accept', { name: 5 }, 'name'],
  ])('refuses %s with %j, naming the field', async (call, body, field) => {
    const answer = await stage.desk('POST', `${task}/${call}`, body);

    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatch(new RegExp(`^${field}: `));
  });
});

describe('the agent’s desk, when agents come and go', () => {
  const sidOf = () => conversation.slice(-34);
  const statuses = async () =>
    (await stage.desk('GET', '/agent/tasks')).body.map(({ status }: { status: string }) => status);
  const stateOf = async () => (await stage.rest('GET', conversation)).body.state;

  beforeEach(async () => {
    stage = await setStage();
    await open();
  });
  afterEach(async () => stage.close());

  test('takes an agent back who has left', async () => {
    await stage.desk('POST', `${task}/accept`, { name: 'Ada' });
    await stage.desk('POST', `${task}/park`);
    const left = await statuses();

    const back = await stage.desk('POST', `${task}/accept`, { name: 'Ada' });

    expect(left).toEqual(['completed']);
    expect(back).toMatchObject({ status: 200, body: { status: 'accepted' } });
    expect(await stateOf()).toBe('active');
  });

  test('lets an agent who has left end the chat', async () => {
    await stage.desk('POST', `${task}/accept`);
    await stage.desk('POST', `${task}/park`);

    const ended = await stage.desk('POST', `${task}/complete`);
    const back = await stage.desk('POST', `${task}/accept`);

    expect(ended.status).toBe(200);
    expect(await stateOf()).toBe('closed');
    expect(back.status).toBe(409);
  });

  test('hands over: another agent joins under a task of their own, the first one goes', async () => {
    await stage.desk('POST', `${task}/accept`, { name: 'Ada' });

    const { body } = await stage.desk('POST', `${task}/transfer`, { name: 'Bob' });

    const { body: participants } = await stage.rest('GET', `${conversation}/Participants`);
    const identities = participants.participants.map((each: { identity: string }) => each.identity);
    expect(body).toMatchObject({ status: 'accepted', channelSid: sidOf() });
    expect(identities).toEqual([CUSTOMER, 'bob_40example_2Ecom']);
    expect(await statuses()).toEqual(['completed', 'accepted']);
    await stage.desk('POST', `/agent/tasks/${body.sid}/complete`);
    expect(await stateOf()).toBe('closed');
  });

  test('lets an end by REST reach the agent who took over', async () => {
    await stage.desk('POST', `${task}/accept`, { name: 'Ada' });
    await stage.desk('POST', `${task}/transfer`, { name: 'Bob' });
    const { sid, channel } = interaction.body;

    await stage.rest('POST', `${INTERACTIONS}/${sid}/Channels/${channel.sid}`, [
      ['Status', 'closed'],
    ]);

    expect(await statuses()).toEqual(['completed', 'wrapping']);
  });

  test('does not take an agent back whose conversation another task carries', async () => {
    await stage.desk('POST', `${task}/accept`, { name: 'Ada' });
    await stage.desk('POST', `${task}/park`);
    await invite();
    await stage.twilio.settled();

    const back = await stage.desk('POST', `${task}/accept`, { name: 'Ada' });

    expect(back.status).toBe(409);
    expect(await statuses()).toEqual(['completed', 'pending']);
  });

  test('does not hand over a task that nobody has', async () => {
    const { status } = await stage.desk('POST', `${task}/transfer`, { name: 'Bob' });

    expect(status).toBe(409);
    expect(await statuses()).toEqual(['pending']);
  });

  test('cancels a task that nobody took in time, and leaves the conversation open', async () => {
    const timedOut = await stage.desk('POST', `${task}/timeout`);

    expect(timedOut.body.status).toBe('completed');
    expect(await stateOf()).toBe('active');
    expect((await interact()).body.code).toBe(45353);
    expect((await invite()).status).toBe(200);
    await stage.twilio.settled();
    expect(await statuses()).toEqual(['completed', 'pending']);
  });

  test('Leave lets a chat wait, and the next message makes a task of its own for it', async () => {
    await stage.desk('POST', `${task}/accept`, { name: 'Ada' });

    await stage.desk('POST', `${task}/leave`);
    const left = [await stateOf(), await statuses()];
    await stage.rest(
      'POST',
      `${conversation}/Messages`,
      [
        ['Author', CUSTOMER],
        ['Body', 'still there?'],
      ],
      { 'X-Twilio-Webhook-Enabled': 'true' },
    );
    await stage.twilio.settled();

    expect(left).toEqual(['inactive', ['completed']]);
    expect([await stateOf(), await statuses()]).toEqual(['active', ['completed', 'pending']]);
    const { body } = await stage.desk('GET', '/agent/tasks');
    const [first, second] = body.map(({ attributes }: Json) => attributes);
    expect(second).toEqual({ ...first, flexChannelInviteSid: expect.stringMatching(/^KG/) });
    expect(second.flexChannelInviteSid).not.toBe(first.flexChannelInviteSid);
  });

  test('a parked chat waits too, and no message makes a task for it', async () => {
    await stage.desk('POST', `${task}/accept`, { name: 'Ada' });

    await stage.desk('POST', `${task}/park`);
    await stage.rest(
      'POST',
      `${conversation}/Messages`,
      [
        ['Author', CUSTOMER],
        ['Body', 'still there?'],
      ],
      { 'X-Twilio-Webhook-Enabled': 'true' },
    );
    await stage.twilio.settled();

    expect([await stateOf(), await statuses()]).toEqual(['active', ['completed']]);
  });

  test('lets a participant be ended by REST: the agent is gone, the chat stays open', async () => {
    await stage.desk('POST', `${task}/accept`, { name: 'Ada' });
    const { sid, channel } = interaction.body;
    const participants = `${INTERACTIONS}/${sid}/Channels/${channel.sid}/Participants`;
    const { body } = await stage.rest('GET', participants);
    const agent = body.participants.find(({ type }: { type: string }) => type === 'agent');

    const ended = await stage.rest('POST', `${participants}/${agent.sid}`, [['Status', 'closed']]);

    expect(ended.status).toBe(200);
    expect([await stateOf(), await statuses()]).toEqual(['active', ['completed']]);
  });

  test.each(['cancel', 'delete'])('lets a task that nobody has be lost by %s', async (how) => {
    const { status } = await stage.desk('POST', `${task}/${how}`);

    expect(status).toBe(200);
    expect(await stateOf()).toBe('active');
    expect(await statuses()).toEqual(how === 'cancel' ? ['completed'] : []);
  });

  test('does not cancel a task that somebody has', async () => {
    await stage.desk('POST', `${task}/accept`);

    expect((await stage.desk('POST', `${task}/cancel`)).status).toBe(409);
  });

  test('does not let time run out for a task that somebody has', async () => {
    await stage.desk('POST', `${task}/accept`);

    expect((await stage.desk('POST', `${task}/timeout`)).status).toBe(409);
  });

  test('lets the timer close a conversation under the agent', async () => {
    await stage.desk('POST', `${task}/accept`);

    await stage.desk('POST', `${task}/expire`);

    const refused = await stage.desk('POST', `${task}/messages`, { body: 'Hello?' });
    expect(refused.status).toBe(409);
    expect(await heard()).toContainEqual(
      expect.objectContaining({
        EventType: 'onConversationStateUpdated',
        StateTo: 'closed',
        Reason: 'TIMER',
      }),
    );
  });
});

describe('the agent’s desk and messages that were sent', () => {
  beforeAll(async () => {
    stage = await setStage();
    await open();
    await stage.desk('POST', `${task}/accept`);
  });
  afterAll(async () => stage.close());

  test('changes and deletes one of the agent’s own', async () => {
    const { body: message } = await stage.desk('POST', `${task}/messages`, { body: 'one' });

    await stage.desk('POST', `${task}/edit`, { sid: message.sid, body: 'two' });
    const { body: edited } = await stage.desk('GET', `${task}/messages`);
    await stage.desk('POST', `${task}/remove`, { sid: message.sid });
    const { body: left } = await stage.desk('GET', `${task}/messages`);

    expect([edited, left]).toMatchObject([[{ body: 'two' }], []]);
  });

  test.each([
    ['of somebody else', 409, 'words'],
    ['that is not there', 404, 'words'],
    ['to nothing', 400, ' '],
  ])('refuses to change one %s', async (which, status, body) => {
    const posted = await stage.rest('POST', `${conversation}/Messages`, [['Body', 'by a bot']]);
    const sid = which === 'that is not there' ? 'IMnone' : posted.body.sid;

    expect((await stage.desk('POST', `${task}/edit`, { sid, body })).status).toBe(status);
  });
});

describe('the agent’s desk, when Flex closes without a word', () => {
  test('fires no state event', async () => {
    stage = await setStage({ announcesFlexClose: false });
    await open();
    await stage.desk('POST', `${task}/accept`);

    await stage.desk('POST', `${task}/complete`);

    expect((await heard()).toSorted(byEventType)).toMatchObject([
      { EventType: 'onParticipantAdded' },
      { EventType: 'onParticipantRemoved' },
    ]);
    await stage.close();
  });
});

describe('the agent’s desk and browsers', () => {
  const PAGE = 'http://127.0.0.1:3000';

  beforeAll(async () => {
    stage = await setStage({ corsOrigin: PAGE });
  });
  afterAll(async () => stage.close());

  const ask = (method: string, path: string, headers: Record<string, string>) =>
    fetch(`${stage.twilio.url}${path}`, { method, headers });

  test('lets its own page in', async () => {
    const preflight = await ask('OPTIONS', '/faults', { origin: PAGE });
    const tasks = await ask('GET', '/agent/tasks', { origin: PAGE });

    expect([preflight.status, tasks.status]).toEqual([204, 200]);
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, POST, PUT');
    expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type');
    expect(tasks.headers.get('access-control-allow-origin')).toBe(PAGE);
  });

  test.each(['http://127.0.0.1:3001', 'https://evil.example.com', 'null'])(
    'refuses the origin %s',
    async (origin) => {
      const tasks = await ask('GET', '/agent/tasks', { origin });
      const faults = await ask('OPTIONS', '/faults', { origin });

      expect([tasks.status, faults.status]).toEqual([403, 403]);
      expect(tasks.headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  test('refuses a name that was made to lead here', async () => {
    const status = await new Promise((resolve) => {
      const headers = { host: 'evil.example.com' };
      get(`${stage.twilio.url}/agent/tasks`, { headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
    });

    expect(status).toBe(403);
  });
});
