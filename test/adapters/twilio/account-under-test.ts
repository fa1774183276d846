import { createTwilioRest, type TwilioRest } from '#adapters/twilio/rest/rest-client';
import type { ChannelSid } from '#core/ids';
import type { Conversation } from '#local/emulators/twilio/conversations/model';
import { deleteConversation } from '#local/emulators/twilio/conversations/state/conversation';
import { postAgentMessage } from '#local/emulators/twilio/desk/agent';
import type { TwilioAccount } from '#local/emulators/twilio/options';
import { startTwilio, type TwilioSimulator } from '#local/emulators/twilio/start';
import type { FlexUnderTest } from '#test/contracts/flex-backend.contract';
import { AUTH_TOKEN } from '#test/contracts/flex-chat.contract';
import { type AgentTask, createAgentDesk } from '#test/support/agent-desk';

export const sid = (prefix: string) => `${prefix}${'0'.repeat(31)}1`;

const AGENT = 'Ada Lovelace';
const SECRET = 'made-up-secret';

export const ACCOUNT = {
  accountSid: sid('AC'),
  authToken: AUTH_TOKEN,
  apiKeys: [{ sid: sid('SK'), secret: SECRET }],
  chatServiceSid: sid('IS'),
  workspaceSid: sid('WS'),
  workflows: [{ sid: sid('WW') }],
  studioFlows: [{ sid: sid('FW') }],
  flexInstanceSid: sid('GO'),
};

const isOngoing = ({ status }: AgentTask) => status === 'pending' || status === 'accepted';

/** A simulated Twilio account, and what is the same for both back ends on it. */
export interface AccountUnderTest {
  readonly twilio: TwilioSimulator;
  restThrough(fetch: typeof globalThis.fetch): TwilioRest;
  /** A write past the back end under test, silent as REST writes are. */
  post(path: string, form: Readonly<Record<string, string>>): Promise<void>;
  channelOf(channel: ChannelSid): Promise<Conversation>;
  /** Tasks of the channel that an agent has, or is to get. */
  ongoingTasks(channel: ChannelSid): Promise<readonly AgentTask[]>;
  readonly flexSide: Omit<FlexUnderTest, 'connect' | 'inspect' | 'postAs'>;
}

/** @param account what it holds instead of the usual. */
export async function accountUnderTest(
  account: Partial<TwilioAccount> = {},
): Promise<AccountUnderTest> {
  const twilio = await startTwilio({
    account: { ...ACCOUNT, ...account },
    // Here many chats end in one second.
    taskSearchesPerSecond: Number.POSITIVE_INFINITY,
  });
  const desk = createAgentDesk(twilio.url);
  const { world } = twilio;

  const tasksOf = async (channel: ChannelSid) => {
    await twilio.settled();
    return (await desk.tasks()).filter(({ channelSid }) => channelSid === channel);
  };
  const acceptedTask = async (channel: ChannelSid): Promise<string> => {
    const tasks = await tasksOf(channel);
    const task = tasks.find(isOngoing) ?? tasks[0];
    if (task === undefined) throw new Error(`no task for ${channel}`);
    if (task.status === 'pending') await desk.accept(task.sid, AGENT);
    return task.sid;
  };
  const taskOf = async (channel: ChannelSid) => {
    const task = world.tasks.get((await acceptedTask(channel)) ?? '');
    if (task === undefined) throw new Error(`no task of ${channel}`);
    return task;
  };
  return {
    twilio,
    restThrough: (fetch) =>
      createTwilioRest({
        credentials: async () => ({ user: sid('SK'), password: SECRET }),
        endpointUrl: twilio.url,
        fetch,
      }),
    async post(path, form) {
      const response = await fetch(`${twilio.url}/${path}`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${sid('SK')}:${SECRET}`)}` },
        body: new URLSearchParams(form),
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    },
    async channelOf(channel) {
      await twilio.settled();
      const found = world.conversations.get(channel);
      if (found === undefined) throw new Error(`no channel ${channel}`);
      return found;
    },
    ongoingTasks: async (channel) => (await tasksOf(channel)).filter(isOngoing),
    flexSide: {
      countChannels: async () => world.conversations.size,
      async reply(channel, body) {
        await desk.answer(await acceptedTask(channel), body);
      },
      async replyWithMedia(channel, media) {
        postAgentMessage(world, await taskOf(channel), { media: [media] });
      },
      async read(channel, index) {
        await desk.read(await acceptedTask(channel), index);
      },
      async leave(channel) {
        await desk.lose(await acceptedTask(channel), 'park');
      },
      async comeBack(channel) {
        await desk.accept(await acceptedTask(channel), AGENT);
      },
      async lose(channel, how) {
        const task = (await tasksOf(channel)).at(-1);
        if (task === undefined) throw new Error(`no task for ${channel}`);
        await desk.lose(task.sid, how);
      },
      async remove(channel) {
        const conversation = world.conversations.get(channel);
        const silently = { source: 'API', firesWebhooks: false } as const;
        if (conversation) deleteConversation(world, conversation, silently);
      },
      async statuses(channel) {
        const tasks = await tasksOf(channel);
        return tasks.flatMap(({ sid: task }) => world.tasks.get(task)?.assignmentStatus ?? []);
      },
      async complete(channel) {
        await desk.complete(await acceptedTask(channel));
      },
      settled: () => twilio.settled(),
      stop: () => twilio.close(),
    },
  };
}
