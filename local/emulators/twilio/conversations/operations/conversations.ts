import type { Call, Operation } from '../../rest/call.ts';
import { pageOf } from '../../rest/paging.ts';
import { isoMs, isoSeconds, type World } from '../../world/world.ts';
import type { Conversation, ConversationState } from '../model.ts';
import {
  type ConversationChange,
  createConversation,
  deleteConversation,
  updateConversation,
} from '../state/conversation.ts';
import { timerDates } from '../state/timers.ts';
import { baseUrl, conversationOf } from './scope.ts';

export function conversationOperations(world: World) {
  return {
    createConversation: (call) => {
      const base = baseUrl(world, call);
      return toJson(world, base, createConversation(world, changeOf(call), call.actor));
    },
    listConversations: (call) => {
      const base = baseUrl(world, call);
      const state = call.parameters.text('State');
      const listed = [...world.conversations.values()].filter(
        (conversation) => state === undefined || conversation.state === state,
      );
      return pageOf(call, 'conversations', listed, sidOf, (each) => toJson(world, base, each));
    },
    fetchConversation: (call) => toJson(world, baseUrl(world, call), conversationOf(world, call)),
    updateConversation: (call) => {
      const conversation = conversationOf(world, call);
      updateConversation(world, conversation, changeOf(call), call.actor);
      return toJson(world, baseUrl(world, call), conversation);
    },
    deleteConversation: (call) =>
      deleteConversation(world, conversationOf(world, call), call.actor),
  } satisfies Record<string, Operation>;
}

const sidOf = ({ sid }: Conversation) => sid;

const changeOf = ({ parameters }: Call): ConversationChange => ({
  uniqueName: parameters.text('UniqueName') || undefined,
  friendlyName: parameters.text('FriendlyName'),
  attributes: parameters.text('Attributes'),
  state: parameters.text('State') as ConversationState | undefined,
  inactiveTimerMs: parameters.durationMs('Timers.Inactive'),
  closedTimerMs: parameters.durationMs('Timers.Closed'),
  createdAtMs: parameters.timeMs('DateCreated'),
  updatedAtMs: parameters.timeMs('DateUpdated'),
});

/** `{}` without timers. */
export function timersJson(conversation: Conversation): Record<string, string> {
  const { inactiveAtMs, closedAtMs } = timerDates(conversation);
  return {
    ...(inactiveAtMs === undefined ? {} : { date_inactive: isoMs(inactiveAtMs) }),
    ...(closedAtMs === undefined ? {} : { date_closed: isoMs(closedAtMs) }),
  };
}

function toJson(world: World, base: string, conversation: Conversation) {
  const url = `${base}/Conversations/${conversation.sid}`;
  return {
    sid: conversation.sid,
    account_sid: world.account.accountSid,
    chat_service_sid: conversation.serviceSid,
    messaging_service_sid: world.messagingServiceSid,
    friendly_name: conversation.friendlyName,
    unique_name: conversation.uniqueName,
    attributes: conversation.attributes,
    state: conversation.state,
    timers: timersJson(conversation),
    bindings: {},
    date_created: isoSeconds(conversation.createdAtMs),
    date_updated: isoSeconds(conversation.updatedAtMs),
    url,
    links: {
      participants: `${url}/Participants`,
      messages: `${url}/Messages`,
      webhooks: `${url}/Webhooks`,
      export: `${url}/Export`,
    },
  };
}
