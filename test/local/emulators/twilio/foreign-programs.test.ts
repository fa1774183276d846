/**
 * Two programs that others have written, in the requests that they send: the demo of the guide to
 * custom channels, on Programmable Chat, and a public ticketing adapter, on Conversations.
 * https://www.twilio.com/blog/add-custom-chat-channel-twilio-flex
 * https://github.com/weni-ai/mailroom (services/tickets/twilioflex2)
 */
import { createFlow, TASK_INTEGRATION } from './support/programmable-chat-stage.ts';
import {
  ACCOUNT,
  basic,
  type Call,
  type Form,
  type Json,
  type Stage,
  setStage,
} from './support/stage.ts';

/** Both authenticate by the auth token. */
const BY_TOKEN = { authorization: basic(ACCOUNT.accountSid, ACCOUNT.authToken) };
const WITH_WEBHOOKS = { ...BY_TOKEN, 'X-Twilio-Webhook-Enabled': 'true' };

let stage: Stage;
/** Where the program's own server is. */
let base: string;

async function post(path: string, form: Form, headers: object = BY_TOKEN): Promise<Json> {
  const { status, body } = await stage.rest('POST', path, form, headers);
  if (status >= 300) throw new Error(`${path}: ${JSON.stringify(body)}`);
  return body;
}

const tasks = async (): Promise<Json[]> => {
  await stage.twilio.settled();
  return (await stage.desk('GET', '/agent/tasks')).body;
};

async function agentDoes(task: Json, what: string, body: object = {}): Promise<void> {
  const { status } = await stage.desk('POST', `/agent/tasks/${task.sid}/${what}`, body);
  if (status !== 200) throw new Error(`${what}: ${status}`);
  await stage.twilio.settled();
}

const formsAt = (path: string): Call['form'][] =>
  stage.calls.filter(({ url }) => url.split('?')[0] === path).map(({ form }) => form);

beforeEach(async () => {
  stage = await setStage();
  base = new URL(stage.hookUrl).origin;
});
afterEach(async () => stage.close());

test("the guide's own demo holds a whole conversation on Programmable Chat", async () => {
  const user = 'socketio-chat-user';
  const service = `chat.twilio.com/v2/Services/${ACCOUNT.chatServiceSid}`;
  const flow = await createFlow(stage, TASK_INTEGRATION);
  const createNewChannel = async (): Promise<string> => {
    const channel = await post('flex-api.twilio.com/v1/Channels', [
      ['FlexFlowSid', flow],
      ['Identity', user],
      ['ChatUserFriendlyName', user],
      ['ChatFriendlyName', 'Flex Custom Chat'],
      ['Target', user],
    ]);
    for (const [path, filter] of [
      [`new-message?channel=${channel.sid}`, 'onMessageSent'],
      ['channel-update', 'onChannelUpdated'],
    ] as const) {
      await post(`${service}/Channels/${channel.sid}/Webhooks`, [
        ['Type', 'webhook'],
        ['Configuration.Url', `${base}/${path}`],
        ['Configuration.Method', 'POST'],
        ['Configuration.Filters', filter],
      ]);
    }
    return channel.sid;
  };
  const sendChatMessage = (channel: string, body: string) =>
    post(
      `${service}/Channels/${channel}/Messages`,
      [
        ['Body', body],
        ['From', user],
      ],
      WITH_WEBHOOKS,
    );

  const channel = await createNewChannel();
  await sendChatMessage(channel, 'Hello from my own page');
  const [task] = await tasks();
  await agentDoes(task, 'accept', { name: 'Ada' });
  await agentDoes(task, 'messages', { body: 'Hello, this is Ada' });
  await agentDoes(task, 'complete');
  const next = await createNewChannel();

  // The demo shows what an SDK has sent, and starts anew once the channel is INACTIVE.
  const shown = formsAt('/new-message').filter((form) => form['Source'] === 'SDK');
  expect(shown.map((form) => form['Body'])).toEqual(['Hello, this is Ada']);
  const states = formsAt('/channel-update').map((form) => JSON.parse(form['Attributes'] ?? ''));
  expect(states.at(-1)).toMatchObject({ status: 'INACTIVE' });
  expect(next).not.toBe(channel);
});

test('a public adapter holds a whole conversation on Conversations', async () => {
  const identity = '100_4996b4a0-6b9e-4b9d-8316-9a4a2095f445';
  const conversations = 'conversations.twilio.com/v1/Conversations';
  const open = async () => {
    const hooks = `flex-api.twilio.com/v1/Instances/${ACCOUNT.flexInstanceSid}/InteractionWebhooks`;
    const { ttid } = await post(hooks, [
      ['Type', 'interaction'],
      ['WebhookEvents', 'onChannelStatusUpdated'],
      ['WebhookUrl', `${base}/interaction_callback`],
      ['WebhookMethod', 'POST'],
    ]);
    const interaction = await post('flex-api.twilio.com/v1/Interactions', [
      [
        'Channel',
        JSON.stringify({
          type: 'web',
          initiated_by: 'api',
          participants: [{ identity, name: 'Grace' }],
        }),
      ],
      [
        'Routing',
        JSON.stringify({
          type: 'TaskRouter',
          properties: {
            workspace_sid: ACCOUNT.workspaceSid,
            workflow_sid: ACCOUNT.workflows[0]?.sid,
            task_channel_unique_name: 'chat',
            attributes: { channelType: 'web', customerId: identity, custom_attributes: '' },
          },
        }),
      ],
      ['WebhookTtid', ttid],
    ]);
    const attributes = JSON.parse(interaction.routing.properties.attributes);
    await post(`${conversations}/${attributes.conversationSid}/Webhooks`, [
      ['Target', 'webhook'],
      ['Configuration.Url', `${base}/conversation_callback`],
      ['Configuration.Method', 'POST'],
      ['Configuration.Filters', 'onMessageAdded'],
    ]);
    return { interaction, attributes };
  };

  const { interaction, attributes } = await open();
  const { conversationSid } = attributes;
  await post(`${conversations}/${conversationSid}/Messages`, [
    ['Author', identity],
    ['Body', 'Help'],
  ]);
  const [task] = await tasks();
  await agentDoes(task, 'accept', { name: 'Ada' });
  await agentDoes(task, 'messages', { body: 'Hello, this is Ada' });
  await agentDoes(task, 'complete');

  expect(attributes.conversations).toMatchObject({
    initiated_by: 'API',
    conversation_id: interaction.sid,
    media: [{ type: 'ChatTranscript', sid: conversationSid }],
  });
  expect(formsAt('/conversation_callback')).toMatchObject([
    { EventType: 'onMessageAdded', Source: 'SDK', Body: 'Hello, this is Ada' },
  ]);
  expect(formsAt('/interaction_callback').map((form) => form['ChannelStatus'])).toEqual([
    'active',
    'closed',
  ]);
});
