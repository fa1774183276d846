import { createConversationsBackend } from '#adapters/twilio/conversations/backend';
import type { ConversationsConfig } from '#adapters/twilio/conversations/config';
import { channelSid, sessionId } from '#core/ids';
import { answer, fault, type Script, scriptedTwilio } from '../scripted-twilio.ts';

const sid = (prefix: string) => `${prefix}${'0'.repeat(31)}1`;
const CHANNEL = { sid: channelSid(sid('CH')) };
const CHAT = { sessionId: sessionId('s'), number: 1 };
const INTERACTION = { interactionSid: sid('KD'), interactionChannelSid: sid('UO') };
const INTERACTIONS = 'POST flex-api.twilio.com/v1/Interactions';
const STATUS = `GET flex-api.twilio.com/v1/Interactions/${sid('KD')}/Channels/${sid('UO')}`;
const TASKS = `GET taskrouter.twilio.com/v1/Workspaces/${sid('WS')}/Tasks`;
const CONVERSATION = 'GET conversations.twilio.com';

const CONFIG: ConversationsConfig = {
  chatServiceSid: sid('IS'),
  workspaceSid: sid('WS'),
  routing: { type: 'task', workflowSid: sid('WW') },
  interactionWebhookTtid: 'flex_interactionwebhook_1',
  webhookUrl: 'https://hooks.example.com',
  names: { agent: 'Agent', bot: 'Assistant' },
};

const made = answer({ sid: sid('KD'), channel: { sid: sid('UO') }, routing: null }, 201);
const taskOf = (assignment_status: string) => ({
  sid: sid('WT'),
  assignment_status,
  attributes: JSON.stringify({
    flexInteractionSid: sid('KD'),
    flexInteractionChannelSid: sid('UO'),
  }),
});
const tasks = (...found: object[]) => answer({ tasks: found });

function aBackend(script: Script) {
  const { rest, requests } = scriptedTwilio(script);
  return { backend: createConversationsBackend(rest, CONFIG), requests };
}

describe('a second interaction of a conversation', () => {
  test.each([
    ['is refused with 45353', fault(409, 45353)],
    ['is answered 200 without one', answer({})],
    ['is answered 200 with a warning', answer({ code: 45353, message: 'dropped' })],
  ])('leads to the first one when it %s', async (_, dropped) => {
    const { backend } = aBackend({ [INTERACTIONS]: dropped, [TASKS]: tasks(taskOf('pending')) });

    const channel = await backend.routeChannel(CHANNEL, CHAT, {});

    expect(channel).toEqual({ ...CHANNEL, ...INTERACTION, taskSid: sid('WT') });
  });

  test('is no failure when the first one is not found yet', async () => {
    const { backend } = aBackend({ [INTERACTIONS]: answer({}), [TASKS]: tasks() });

    expect(await backend.routeChannel(CHANNEL, CHAT, {})).toEqual(CHANNEL);
  });

  test('is not what a chat is routed again by, if Flex noted another in the task', async () => {
    const invites = `POST flex-api.twilio.com/v1/Interactions/${sid('KD')}/Channels/${sid('UO')}/Invites`;
    const { backend } = aBackend({
      [`${TASKS}/${sid('WT')}`]: answer(taskOf('canceled')),
      [invites]: answer({ routing: { properties: { sid: 'WT2' } } }, 201),
    });
    const dropped = { interactionSid: 'KD9', interactionChannelSid: 'UO9' };

    const channel = await backend.rerouteChannel(
      { ...CHANNEL, ...dropped, taskSid: sid('WT') },
      CHAT,
      {},
    );

    expect(channel).toEqual({ ...CHANNEL, ...INTERACTION, taskSid: 'WT2' });
  });
});

describe('an interaction that Flex refuses', () => {
  const profile = { name: 'Grace', fields: { topic: 'shoes' } };

  test('is asked for once more, with few attributes and without the webhook', async () => {
    const { backend, requests } = aBackend({ [INTERACTIONS]: [fault(400, 45377), made] });

    await backend.routeChannel(CHANNEL, CHAT, profile);

    const [first, second] = requests.map(({ form }) => form);
    expect(first).toMatchObject({ WebhookTtid: CONFIG.interactionWebhookTtid });
    expect(first?.['Routing']).toContain('shoes');
    expect(second).not.toHaveProperty('WebhookTtid');
    expect(JSON.parse(String(second?.['Routing']))).toEqual({
      properties: {
        workspace_sid: sid('WS'),
        workflow_sid: sid('WW'),
        attributes: { name: 'Grace', channelType: 'web', channelSid: CHANNEL.sid, cut: true },
      },
    });
  });

  test('is not asked for a third time', async () => {
    const { backend, requests } = aBackend({ [INTERACTIONS]: fault(400, 45377) });

    const routed = backend.routeChannel(CHANNEL, CHAT, profile);

    await expect(routed).rejects.toMatchObject({ code: 'UPSTREAM_REFUSED' });
    expect(requests).toHaveLength(2);
  });

  test.each([
    ['for now', fault(503, 20503), 'UPSTREAM_UNAVAILABLE'],
    ['as wrongly configured', fault(400, 45366), 'MISCONFIGURED'],
    ['as the conversation is closed', fault(400, 45354), 'CHAT_ENDED'],
  ])('is asked for once when it is refused %s', async (_, refusal, code) => {
    const { backend, requests } = aBackend({ [INTERACTIONS]: refusal });

    await expect(backend.routeChannel(CHANNEL, CHAT, profile)).rejects.toMatchObject({ code });
    expect(requests).toHaveLength(1);
  });
});

describe('a chat whose agent wraps up', () => {
  const looking = (state: string, status: ReturnType<typeof answer>, task: string) =>
    aBackend({
      [CONVERSATION]: answer({ sid: CHANNEL.sid, state }),
      [TASKS]: tasks(taskOf(task)),
      [STATUS]: status,
    }).backend.service(CHANNEL);

  test('has ended when Flex closes the conversation at once', async () => {
    const status = answer({ status: 'closed' });

    expect(await looking('closed', status, 'wrapping')).toEqual({ kind: 'ended' });
  });

  test('has ended when Flex closes the interaction first, and the conversation later', async () => {
    const status = answer({ status: 'closed' });

    expect(await looking('active', status, 'wrapping')).toEqual({ kind: 'ended' });
  });

  test.each([
    ['does not tell what the interaction does', fault(404, 20404)],
    ['has closed neither interaction nor conversation', answer({ status: 'active' })],
  ])('is left alone until then while Flex %s', async (_, status) => {
    expect(await looking('active', status, 'wrapping')).toEqual({ kind: 'paused' });
  });

  test('has nobody once the agent is done, and the conversation is still open', async () => {
    const status = answer({ status: 'active' });

    expect(await looking('active', status, 'completed')).toEqual({ kind: 'none' });
  });

  test('has nobody when its task was canceled, whatever became of the interaction', async () => {
    const status = answer({ status: 'closed' });

    expect(await looking('active', status, 'canceled')).toEqual({ kind: 'none' });
  });
});
