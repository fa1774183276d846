import { CHANNELS, createFlow, openChannel, tasksOf } from '../support/programmable-chat-stage.ts';
import {
  ACCOUNT,
  CUSTOMER,
  ENABLED,
  type Form,
  type Json,
  type Stage,
  setStage,
} from '../support/stage.ts';

const FLOWS = 'studio.twilio.com/v2/Flows';

let stage: Stage;
let lines: string[];

const widget = (name: string, type: string, next?: string, properties: object = {}) => ({
  name,
  type,
  transitions: [{ event: TAKEN[type] ?? 'done', ...(next !== undefined && { next }) }],
  properties,
});

const TAKEN: Readonly<Record<string, string>> = {
  trigger: 'incomingConversationMessage',
  'send-message': 'sent',
  'send-to-flex': 'callComplete',
};

const sendToFlex = (change: object = {}) =>
  widget('route', 'send-to-flex', undefined, {
    workflow: ACCOUNT.workflows[0]?.sid,
    channel: 'chat',
    attributes: '{"channelType":"web"}',
    ...change,
  });

const definition = (...states: Json[]) => ({
  description: 'Test',
  initial_state: 'Trigger',
  states,
});

const DIRECT = definition(widget('Trigger', 'trigger', 'route'), sendToFlex());

const form = (status: string, content: unknown): Form => [
  ['FriendlyName', 'Route chats'],
  ['Status', status],
  ['Definition', JSON.stringify(content)],
];

const create = (content: unknown, status = 'published') =>
  stage.rest('POST', FLOWS, form(status, content));

/** A conversation with the flow on it, and the customer's first message. */
async function converse(flow: string, attributes: object = {}): Promise<string> {
  const url = await stage.openConversation();
  await stage.rest('POST', url, [['Attributes', JSON.stringify(attributes)]]);
  await stage.rest('POST', `${url}/Webhooks`, [
    ['Target', 'studio'],
    ['Configuration.FlowSid', flow],
    ['Configuration.Filters', 'onMessageAdded'],
  ]);
  const message: Form = [
    ['Author', CUSTOMER],
    ['Body', 'I said "hi"'],
  ];
  await stage.rest('POST', `${url}/Messages`, message, ENABLED);
  await stage.twilio.settled();
  return url;
}

async function said(url: string): Promise<string[]> {
  const { body } = await stage.rest('GET', `${url}/Messages`);
  return body.messages.slice(1).map((message: Json) => message.body);
}

describe('Studio’s API', () => {
  beforeEach(async () => {
    lines = [];
    stage = await setStage({ log: (line) => lines.push(line) });
  });
  afterEach(async () => stage.close());

  test('creates, revises, lists and deletes flows', async () => {
    const created = await create(DIRECT, 'draft');
    const { sid } = created.body;

    const revised = await stage.rest('POST', `${FLOWS}/${sid}`, [
      ['Status', 'published'],
      ['CommitMessage', 'go'],
    ]);
    const listed = await stage.rest('GET', FLOWS);
    const deleted = await stage.rest('DELETE', `${FLOWS}/${sid}`);

    expect(created).toMatchObject({
      status: 201,
      body: { status: 'draft', revision: 1, definition: DIRECT, valid: true, commit_message: null },
    });
    expect(revised.body).toMatchObject({
      friendly_name: 'Route chats',
      status: 'published',
      revision: 2,
      definition: DIRECT,
      commit_message: 'go',
    });
    expect(listed.body.flows.map((flow: Json) => flow.sid)).toContain(sid);
    expect(listed.body.flows[0]).not.toHaveProperty('definition');
    expect(deleted.status).toBe(204);
    expect((await stage.rest('GET', `${FLOWS}/${sid}`)).status).toBe(404);
  });

  test('validates without keeping anything', async () => {
    const { body: before } = await stage.rest('GET', FLOWS);

    const { status, body } = await stage.rest('POST', `${FLOWS}/Validate`, form('draft', DIRECT));

    expect({ status, body }).toEqual({ status: 200, body: { valid: true } });
    expect((await stage.rest('GET', FLOWS)).body.flows).toHaveLength(before.flows.length);
  });

  test.each<[string, unknown, string]>([
    ['no object', [], '#'],
    ['without widgets', { initial_state: 'Trigger' }, '#/states'],
    ['with an unknown start', { ...DIRECT, initial_state: 'start' }, '#/initial_state'],
    ['that starts with no trigger', { ...DIRECT, initial_state: 'route' }, '#/initial_state'],
    [
      'that leads nowhere',
      definition(widget('Trigger', 'trigger', 'nowhere')),
      '#/states/0/transitions/0/next',
    ],
    [
      'without a workflow',
      definition(widget('Trigger', 'trigger', 'route'), sendToFlex({ workflow: '' })),
      '#/states/1/properties/workflow',
    ],
    [
      'with two widgets of one name',
      definition(widget('Trigger', 'trigger'), widget('Trigger', 'trigger')),
      '#/states/0/name',
    ],
    [
      'with a widget without a type',
      definition(widget('Trigger', 'trigger'), { name: 'a', transitions: [] }),
      '#/states/1/type',
    ],
  ])('refuses a definition %s, with details', async (_, content, path) => {
    for (const url of [FLOWS, `${FLOWS}/Validate`]) {
      const { status, body } = await stage.rest('POST', url, form('published', content));

      expect(status).toBe(400);
      expect(body.details.errors).toContainEqual({
        message: expect.any(String),
        property_path: path,
      });
    }
  });

  test('runs a published flow: it speaks, then sends to Flex with what its templates name', async () => {
    const content = definition(
      widget('Trigger', 'trigger', 'greet'),
      widget('greet', 'send-message', 'route', { body: 'Welcome {{trigger.conversation.Author}}' }),
      sendToFlex({
        attributes: [
          '{"name": {{trigger.conversation.ChannelAttributes.name | to_json}},',
          '"said": {{trigger.conversation.Body | to_json}},',
          '"channelSid": "{{trigger.conversation.ChannelSid}}",',
          '"absent": "{{trigger.conversation.ChannelAttributes.absent.deep}}",',
          '"data": {{trigger.conversation.ChannelAttributes.data | to_json}}}',
        ].join(' '),
        priority: '3',
        timeout: '60',
      }),
    );
    const { body } = await create(content);

    const url = await converse(body.sid, { name: 'Grace "G"', data: { a: 1 } });

    const [task] = stage.twilio.world.tasks.values();
    expect(await said(url)).toEqual([`Welcome ${CUSTOMER}`]);
    expect(task).toMatchObject({ priority: 3, timeout: 60, taskChannelUniqueName: 'chat' });
    expect(task?.attributes).toMatchObject({
      name: 'Grace "G"',
      said: 'I said "hi"',
      channelSid: url.slice(-34),
      absent: '',
      data: { a: 1 },
      flexInteractionSid: expect.stringMatching(/^KD/),
    });
    expect(lines).toEqual([]);
  });

  test('runs a flow for a Flex Flow with the names of Programmable Chat', async () => {
    const content = definition(
      {
        ...widget('Trigger', 'trigger'),
        transitions: [{ event: 'incomingMessage', next: 'route' }],
      },
      sendToFlex({
        attributes:
          '{"name":"{{trigger.message.ChannelAttributes.from}}","channelSid":"{{trigger.message.ChannelSid}}"}',
      }),
    );
    const { body: flow } = await create(content);
    const { body: channel } = await openChannel(
      stage,
      await createFlow(stage, [
        ['IntegrationType', 'studio'],
        ['Integration.FlowSid', flow.sid],
      ]),
    );

    await stage.rest('POST', `${CHANNELS}/${channel.sid}/Messages`, [['Body', 'Hello']], ENABLED);

    expect(await tasksOf(stage)).toMatchObject([
      { channelSid: channel.sid, attributes: { name: 'Grace', channelSid: channel.sid } },
    ]);
  });

  test('takes the branch of the message’s product, which may lead nowhere', async () => {
    const trigger = {
      ...widget('Trigger', 'trigger'),
      transitions: [{ event: 'incomingMessage', next: 'route' }],
    };
    const { body } = await create(definition(trigger, sendToFlex()));

    await converse(body.sid);

    expect(await tasksOf(stage)).toEqual([]);
  });

  test('does not run a draft, but the last published revision', async () => {
    const greet = definition(
      widget('Trigger', 'trigger', 'greet'),
      widget('greet', 'send-message', undefined, { body: 'old' }),
    );
    const draft = await create(greet, 'draft');
    const published = await create(greet);
    await stage.rest('POST', `${FLOWS}/${published.body.sid}`, form('draft', DIRECT));

    const [first, second] = [await converse(draft.body.sid), await converse(published.body.sid)];

    expect([await said(first), await said(second)]).toEqual([[], ['old']]);
    expect(await tasksOf(stage)).toEqual([]);
  });

  test.each<[string, Json[], string]>([
    [
      'stops at a widget that is not simulated',
      [widget('Trigger', 'trigger', 'ask'), widget('ask', 'send-and-wait-for-reply', 'route')],
      'send-and-wait-for-reply is not simulated',
    ],
    [
      'fails on attributes that are no JSON',
      [
        widget('Trigger', 'trigger', 'bad'),
        { ...sendToFlex({ attributes: '{"a": {{b}}}' }), name: 'bad' },
      ],
      'attributes are no JSON object',
    ],
    [
      'fails on a workflow that is not there',
      [widget('Trigger', 'trigger', 'bad'), { ...sendToFlex({ workflow: 'WW1' }), name: 'bad' }],
      'no workflow WW1',
    ],
    [
      'fails on a task channel that is not there',
      [widget('Trigger', 'trigger', 'bad'), { ...sendToFlex({ channel: 'TC1' }), name: 'bad' }],
      'no task channel TC1',
    ],
  ])('%s, and says so', async (_, states, reason) => {
    const { body } = await create(definition(...states, sendToFlex()));

    await converse(body.sid);

    expect(lines).toEqual([expect.stringContaining(reason)]);
    expect(await tasksOf(stage)).toEqual([]);
  });

  test('ends a flow that runs in circles', async () => {
    const { body } = await create(
      definition(
        widget('Trigger', 'trigger', 'again'),
        widget('again', 'send-message', 'again', { body: 'and again' }),
      ),
    );

    const url = await converse(body.sid);

    expect((await said(url)).length).toBeLessThan(100);
  });

  test('shows the flows that the account came with', async () => {
    const { body } = await stage.rest('GET', `${FLOWS}/${ACCOUNT.studioFlows[0]?.sid}`);

    const types = body.definition.states.map(({ type }: Json) => type);
    expect(body.status).toBe('published');
    expect(types).toEqual(['trigger', 'send-message', 'send-to-flex']);
  });
});
