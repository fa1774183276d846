import { createConversationsBackend } from '#adapters/twilio/conversations/backend';
import type { ConversationsConfig } from '#adapters/twilio/conversations/config';
import type { FlexBackend } from '#core/flex';
import type { TwilioAccount } from '#local/emulators/twilio/options';
import type { TwilioSimulator } from '#local/emulators/twilio/start';
import type { FlexUnderTest } from '#test/contracts/flex-backend.contract';
import { ACCOUNT, accountUnderTest, sid } from '../account-under-test.ts';

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
  const { twilio, restThrough, post, channelOf, ongoingTasks, flexSide } =
    await accountUnderTest(account);
  const config: ConversationsConfig = {
    chatServiceSid: ACCOUNT.chatServiceSid,
    workspaceSid: ACCOUNT.workspaceSid,
    routing: TASK_ROUTING,
    webhookUrl: 'http://127.0.0.1:9/prod',
    names: { agent: 'Agent', bot: 'Assistant' },
    ...given,
  };
  return {
    ...flexSide,
    twilio,
    connect: (fetch = globalThis.fetch, changed = {}) =>
      createConversationsBackend(restThrough(fetch), { ...config, ...changed }),
    async inspect(channel) {
      const { participants, webhooks, state } = await channelOf(channel);
      const customers = participants.filter(({ identity }) => identity.startsWith('customer-'));
      return {
        customers: customers.length,
        webhooks: webhooks.flatMap(({ configuration: { url } }) => url ?? []),
        tasks: await ongoingTasks(channel),
        customerHasRead: customers[0]?.lastReadMessageIndex ?? null,
        isEnded: state === 'closed',
      };
    },
    postAs: (author, channel, body, attributes = {}) =>
      post(
        `conversations.twilio.com/v1/Services/${config.chatServiceSid}/Conversations/${channel}/Messages`,
        { Author: author, Body: body, Attributes: JSON.stringify(attributes) },
      ),
  };
}
