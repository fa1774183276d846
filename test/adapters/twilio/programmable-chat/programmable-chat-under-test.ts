import { createProgrammableChatBackend } from '#adapters/twilio/programmable-chat/backend';
import type { ProgrammableChatConfig } from '#adapters/twilio/programmable-chat/config';
import { addFlexFlow } from '#local/emulators/twilio/flex/state/flex-flow';
import type { TwilioSimulator } from '#local/emulators/twilio/start';
import type { FlexUnderTest } from '#test/contracts/flex-backend.contract';
import { ACCOUNT, accountUnderTest, sid } from '../account-under-test.ts';

/** What each kind of Flex Flow needs. */
const INTEGRATION = {
  task: { workspaceSid: sid('WS'), workflowSid: sid('WW') },
  studio: { flowSid: sid('FW') },
  external: { url: 'http://127.0.0.1:9/external' },
};

export interface ProgrammableChatUnderTest extends FlexUnderTest {
  readonly twilio: TwilioSimulator;
}

/** The back end on a simulated Twilio account with a Flex Flow. By default nobody listens at its webhooks. */
export async function programmableChatUnderTest(
  given: Partial<ProgrammableChatConfig> = {},
): Promise<ProgrammableChatUnderTest> {
  const { twilio, restThrough, post, channelOf, ongoingTasks, flexSide } = await accountUnderTest();
  const { integration = 'task' } = given;
  const flow = addFlexFlow(twilio.world, {
    friendlyName: 'Custom chat',
    chatServiceSid: ACCOUNT.chatServiceSid,
    channelType: 'custom',
    contactIdentity: 'custom',
    enabled: true,
    integrationType: integration,
    integration: INTEGRATION[integration],
    longLived: false,
    janitorEnabled: false,
  });
  const config: ProgrammableChatConfig = {
    chatServiceSid: ACCOUNT.chatServiceSid,
    workspaceSid: ACCOUNT.workspaceSid,
    flexFlowSid: flow.sid,
    integration,
    webhookUrl: 'http://127.0.0.1:9/prod',
    names: { agent: 'Agent', bot: 'Assistant' },
    ...given,
  };
  return {
    ...flexSide,
    twilio,
    connect: (fetch = globalThis.fetch) =>
      createProgrammableChatBackend(restThrough(fetch), config),
    async inspect(channel) {
      const { participants, channelWebhooks, attributes } = await channelOf(channel);
      const customers = participants.filter(({ identity }) => identity.startsWith('customer-'));
      return {
        customers: customers.length,
        webhooks: channelWebhooks.flatMap(({ configuration: { url } }) => url ?? []),
        tasks: await ongoingTasks(channel),
        customerHasRead: customers[0]?.lastReadMessageIndex ?? null,
        isEnded: JSON.parse(attributes).status === 'INACTIVE',
      };
    },
    postAs: (author, channel, body, attributes = {}) =>
      post(`chat.twilio.com/v2/Services/${config.chatServiceSid}/Channels/${channel}/Messages`, {
        From: author,
        Body: body,
        Attributes: JSON.stringify(attributes),
      }),
  };
}
