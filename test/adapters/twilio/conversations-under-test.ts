import { createConversationsBackend } from '#adapters/twilio/conversations-backend';
import type { ConversationsConfig } from '#adapters/twilio/conversations-config';
import { createTwilioRest } from '#adapters/twilio/rest-client';
import type { FlexBackend } from '#core/flex';
import { postAgentMessage } from '#local/emulators/twilio/agent';
import type { TwilioAccount } from '#local/emulators/twilio/options';
import { startTwilio, type TwilioSimulator } from '#local/emulators/twilio/start';
import type { Task } from '#local/emulators/twilio/state/task';
import type { FlexUnderTest } from '#test/contracts/flex-backend.contract';
import { AUTH_TOKEN } from '#test/contracts/flex-chat.contract';
import { createAgentDesk } from '#test/support/agent-desk';

const sid = (prefix: string) => `${prefix}${'0'.repeat(31)}1`;

const ACCOUNT = {
  accountSid: sid('AC'),
  authToken: AUTH_TOKEN,
  apiKeys: [{ sid: sid('SK'), secret: 'made-up-secret' }],
  chatServiceSid: sid('IS'),
  workspaceSid: sid('WS'),
  workflows: [{ sid: sid('WW') }],
  studioFlows: [{ sid: sid('FW') }],
  flexInstanceSid: sid('GO'),
};

/** By a task, or by the account's one Studio flow. */
export const TASK_ROUTING = { type: 'task', workflowSid: sid('WW') } as const;
export const STUDIO_ROUTING = { type: 'studio', flowSid: sid('FW') } as const;

export interface ConversationsUnderTest extends FlexUnderTest {
  readonly twilio: TwilioSimulator;
  /** @param changed parts of the configuration that differ for this one. */
  connect(fetch?: typeof globalThis.fetch, changed?: Partial<ConversationsConfig>): FlexBackend;
}

/**
 * The back end on a simulated Twilio account. By default nobody listens at its webhooks.
 * @param account what the account holds instead of the usual.
 */
export async function conversationsUnderTest(
  given: Partial<ConversationsConfig> = {},
  account: Partial<TwilioAccount> = {},
): Promise<ConversationsUnderTest> {
  const twilio = await startTwilio({ account: { ...ACCOUNT, ...account } });
  const desk = createAgentDesk(twilio.url);
  const { world } = twilio;

  const config: ConversationsConfig = {
    chatServiceSid: ACCOUNT.chatServiceSid,
    workspaceSid: ACCOUNT.workspaceSid,
    routing: TASK_ROUTING,
    webhookUrl: 'http://127.0.0.1:9/prod',
    names: { agent: 'Agent', bot: 'Assistant' },
    ...given,
  };
  const restThrough = (fetch: typeof globalThis.fetch) =>
    createTwilioRest({
      credentials: async () => ({ user: sid('SK'), password: 'made-up-secret' }),
      endpointUrl: twilio.url,
      fetch,
    });
  const tasksOf = async (channel: string) => {
    await twilio.settled();
    return (await desk.tasks()).filter(({ channelSid }) => channelSid === channel);
  };
  const acceptedTask = async (channel: string): Promise<string> => {
    const [task] = await tasksOf(channel);
    if (task === undefined) throw new Error(`no task for ${channel}`);
    if (task.status === 'pending') await desk.accept(task.sid, 'Ada Lovelace');
    return task.sid;
  };
  const taskOf = (task: string): Task => {
    const found = world.tasks.get(task);
    if (found === undefined) throw new Error(`no task ${task}`);
    return found;
  };
  return {
    twilio,
    connect: (fetch = globalThis.fetch, changed = {}) =>
      createConversationsBackend(restThrough(fetch), { ...config, ...changed }),
    countChannels: async () => world.conversations.size,
    async inspect(channel) {
      await twilio.settled();
      const conversation = world.conversations.get(channel);
      if (conversation === undefined) throw new Error(`no conversation ${channel}`);
      const customers = conversation.participants.filter(({ identity }) =>
        identity.startsWith('customer-'),
      );
      return {
        customers: customers.length,
        webhooks: conversation.webhooks.flatMap(({ configuration: { url } }) => url ?? []),
        tasks: (await desk.tasks()).filter(
          ({ channelSid, status }) => channelSid === channel && status !== 'completed',
        ),
        customerHasRead: customers[0]?.lastReadMessageIndex ?? null,
        isEnded: conversation.state === 'closed',
      };
    },
    async reply(channel, body) {
      await desk.answer(await acceptedTask(channel), body);
    },
    async postAs(author, channel, body, attributes = {}) {
      const path = `Services/${ACCOUNT.chatServiceSid}/Conversations/${channel}/Messages`;
      const response = await fetch(`${twilio.url}/conversations.twilio.com/v1/${path}`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${sid('SK')}:made-up-secret`)}` },
        body: new URLSearchParams({
          Author: author,
          Body: body,
          Attributes: JSON.stringify(attributes),
        }),
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    },
    async replyWithMedia(channel, media) {
      const task = await acceptedTask(channel);
      postAgentMessage(world, taskOf(task), { media });
    },
    async read(channel, index) {
      await desk.read(await acceptedTask(channel), index);
    },
    async leave(channel) {
      await desk.leave(await acceptedTask(channel));
    },
    async comeBack(channel) {
      // Flex offers a parked chat again; the simulator has no such offer of its own.
      taskOf((await tasksOf(channel))[0]?.sid ?? '').assignmentStatus = 'pending';
      await acceptedTask(channel);
    },
    async complete(channel) {
      await desk.complete(await acceptedTask(channel));
    },
    settled: () => twilio.settled(),
    stop: () => twilio.close(),
  };
}
