import { type Call, found, pathOf } from '../../rest/call.ts';
import { notFound } from '../../rest/twilio-error.ts';
import type { World } from '../../world/world.ts';
import { CONVERSATIONS_HOST } from '../endpoints.ts';
import type { Conversation } from '../model.ts';
import { assertOpen, findConversation } from '../state/conversation.ts';

/**
 * Base URL of the resources of a call: those of the default service, or of the service that
 * the path names.
 * @throws TwilioError 20404 for a service that the account does not have.
 */
export function baseUrl(world: World, call: Call): string {
  const service = call.path['ChatServiceSid'];
  const root = `https://${CONVERSATIONS_HOST}/v1`;
  if (service === undefined) return root;
  if (service !== world.account.chatServiceSid) throw notFound(pathOf(call));
  return `${root}/Services/${service}`;
}

/** @throws TwilioError 20404. */
export function conversationOf(world: World, call: Call): Conversation {
  baseUrl(world, call);
  const key = call.path['ConversationSid'] ?? call.path['Sid'] ?? '';
  return found(findConversation(world, key), call);
}

/** @throws TwilioError 20404, or 50377 when it is closed. */
export function openConversationOf(world: World, call: Call): Conversation {
  const conversation = conversationOf(world, call);
  assertOpen(conversation);
  return conversation;
}
