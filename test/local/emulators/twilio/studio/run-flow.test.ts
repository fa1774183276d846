import {
  CONVERSATIONS,
  CUSTOMER,
  ENABLED,
  type Json,
  type Stage,
  setStage,
} from '../support/stage.ts';

const BOT = `FW${'1'.repeat(32)}`;
const WIDGET = `FW${'2'.repeat(32)}`;

let stage: Stage;
let url: string;

/** A conversation with a flow and a webhook of ours on it. */
async function open(flowSid: string, name = 'Grace'): Promise<void> {
  const attributes = JSON.stringify({ name });
  const { body } = await stage.rest('POST', CONVERSATIONS, [['Attributes', attributes]]);
  url = `${CONVERSATIONS}/${body.sid}`;
  await stage.rest('POST', `${url}/Participants`, [['Identity', CUSTOMER]]);
  await stage.rest('POST', `${url}/Webhooks`, [
    ['Target', 'studio'],
    ['Configuration.FlowSid', flowSid],
    ['Configuration.Filters', 'onMessageAdded'],
  ]);
  await stage.rest('POST', `${url}/Webhooks`, [
    ['Target', 'webhook'],
    ['Configuration.Url', stage.hookUrl],
    ['Configuration.Filters', 'onMessageAdded'],
  ]);
}

async function post(body: string, headers: object = ENABLED): Promise<void> {
  const form = [['Author', CUSTOMER] as const, ['Body', body] as const];
  await stage.rest('POST', `${url}/Messages`, form, headers);
  await stage.twilio.settled();
}

const tasks = async (): Promise<Json[]> => (await stage.desk('GET', '/agent/tasks')).body;

const heard = () => stage.calls.map(({ form }) => form['Body']);

const messages = async (): Promise<string[]> =>
  (await stage.rest('GET', `${url}/Messages`)).body.messages.map(({ body }: Json) => body);

describe('a Studio flow', () => {
  beforeEach(async () => {
    stage = await setStage();
  });
  afterEach(async () => stage.close());

  test('answers the first message and sends to Flex, once', async () => {
    await open(BOT);

    await post('Hello');
    await post('Anybody there?');

    expect(await messages()).toEqual(['Hello', 'Hello, I am a bot.', 'Anybody there?']);
    expect(await tasks()).toMatchObject([
      {
        status: 'pending',
        channelSid: url.slice(-34),
        attributes: { name: 'Grace', initiatedBy: 'Customer', channelType: 'web' },
      },
    ]);
  });

  test.each([
    ['{"colour":"{{flow.sid}}"}', 'Hello', true],
    ['no JSON', 'Hello', false],
  ])(
    'sends a message with the attributes %s only if they are JSON',
    async (attributes, body, is) => {
      const definition = {
        initial_state: 'Trigger',
        states: [
          {
            name: 'Trigger',
            type: 'trigger',
            transitions: [{ event: 'incomingConversationMessage', next: 'say' }],
            properties: {},
          },
          { name: 'say', type: 'send-message', transitions: [], properties: { body, attributes } },
        ],
      };
      const { body: flow } = await stage.rest('POST', 'studio.twilio.com/v2/Flows', [
        ['FriendlyName', 'attributes'],
        ['Status', 'published'],
        ['Definition', JSON.stringify(definition)],
      ]);
      await open(flow.sid);

      await post('Hi');

      const { messages: said } = (await stage.rest('GET', `${url}/Messages`)).body;
      const colours = said.slice(1).map((one: Json) => JSON.parse(one.attributes).colour);
      expect(colours).toEqual(is ? [flow.sid] : []);
    },
  );

  test('is not started by a message that was posted without webhooks', async () => {
    await open(BOT);

    await post('Hello', {});

    expect(await messages()).toEqual(['Hello']);
    expect(await tasks()).toEqual([]);
  });

  test('reaches webhooks of the conversation through a Function', async () => {
    await open(BOT);

    await post('Hello');

    expect(heard().toSorted()).toEqual(['Hello', 'Hello, I am a bot.']);
    expect(stage.calls.map(({ form }) => form)).toContainEqual(
      expect.objectContaining({ Source: 'API', Author: BOT }),
    );
  });

  test('reaches no webhook of the conversation through its widget', async () => {
    await open(WIDGET);

    await post('Hello');

    expect(heard()).toEqual(['Hello']);
    expect(await messages()).toEqual(['Hello', 'Hello from a widget.']);
    expect(await tasks()).toHaveLength(1);
  });

  test('sends nothing to Flex whose attributes have more than 4,096 characters', async () => {
    const logged: string[] = [];
    await stage.close();
    stage = await setStage({ log: (line) => logged.push(line) });
    await open(BOT, 'n'.repeat(4_096));

    await post('Hello');

    expect(await messages()).toEqual(['Hello', 'Hello, I am a bot.']);
    expect(await tasks()).toEqual([]);
    expect(logged).toContainEqual(
      expect.stringMatching(/fails at .*: the attributes have more than 4096 characters/),
    );
  });

  test('must be one of the account', async () => {
    const conversation = await stage.openConversation();

    const unknown = await stage.rest('POST', `${conversation}/Webhooks`, [
      ['Target', 'studio'],
      ['Configuration.FlowSid', `FW${'9'.repeat(32)}`],
    ]);
    const missing = await stage.rest('POST', `${conversation}/Webhooks`, [['Target', 'studio']]);

    expect([unknown.body.code, missing.body.code]).toEqual([20001, 20001]);
  });
});
