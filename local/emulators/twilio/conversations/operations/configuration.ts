import { type Operation, pathOf } from '../../rest/call.ts';
import { notFound } from '../../rest/twilio-error.ts';
import type { World } from '../../world/world.ts';
import { CONVERSATIONS_HOST } from '../endpoints.ts';

const URL = `https://${CONVERSATIONS_HOST}/v1/Configuration`;

export const configurationOperations = (world: World) =>
  ({
    fetchConfiguration: () => ({
      account_sid: world.account.accountSid,
      default_chat_service_sid: world.account.defaultChatServiceSid ?? world.account.chatServiceSid,
      default_messaging_service_sid: world.messagingServiceSid,
      default_inactive_timer: null,
      default_closed_timer: null,
      url: URL,
      links: { service: `${URL}/Service`, webhooks: `${URL}/Webhooks` },
    }),
    fetchConversationService: (call) => {
      const sid = call.path['Sid'] ?? '';
      if (sid !== world.account.chatServiceSid) throw notFound(pathOf(call));
      return { sid, account_sid: world.account.accountSid, friendly_name: 'Flex Chat Service' };
    },
  }) satisfies Record<string, Operation>;
