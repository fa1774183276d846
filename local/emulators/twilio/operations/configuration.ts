import type { Operation } from '../call.ts';
import { CONVERSATIONS_HOST } from '../endpoints/conversations.ts';
import type { World } from '../world.ts';

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
  }) satisfies Record<string, Operation>;
