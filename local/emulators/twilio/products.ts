import type { Operation } from './call.ts';
import { API_ENDPOINTS, type ApiOperation } from './endpoints/api.ts';
import { CHAT_ENDPOINTS } from './endpoints/chat.ts';
import { CONVERSATIONS_ENDPOINTS, type ConversationsOperation } from './endpoints/conversations.ts';
import { EVENTS_ENDPOINTS, type EventsOperation } from './endpoints/events.ts';
import { FLEX_ENDPOINTS, type FlexOperation } from './endpoints/flex.ts';
import { STUDIO_ENDPOINTS, type StudioOperation } from './endpoints/studio.ts';
import { TASKROUTER_ENDPOINTS, type TaskRouterOperation } from './endpoints/taskrouter.ts';
import type { EventStreams } from './event-streams.ts';
import { accountOperations } from './operations/account.ts';
import { chatOperations } from './operations/chat/chat.ts';
import { configurationOperations } from './operations/configuration.ts';
import { conversationOperations } from './operations/conversations.ts';
import { eventStreamOperations } from './operations/event-streams.ts';
import { eventSubscriptionOperations } from './operations/event-subscriptions.ts';
import { flexChannelOperations } from './operations/flex-channels.ts';
import { flexConfigurationOperations } from './operations/flex-configuration.ts';
import { flexFlowOperations } from './operations/flex-flows.ts';
import { interactionWebhookOperations } from './operations/interaction-webhooks.ts';
import { interactionOperations } from './operations/interactions.ts';
import { messageOperations } from './operations/messages.ts';
import { participantOperations } from './operations/participants.ts';
import { postWebhookOperations } from './operations/post-webhooks.ts';
import { studioFlowOperations } from './operations/studio-flows.ts';
import { taskOperations } from './operations/tasks.ts';
import { userOperations } from './operations/users.ts';
import { webhookOperations } from './operations/webhooks.ts';
import { workspaceOperations } from './operations/workspace.ts';
import type { Product } from './rest-api.ts';
import type { World } from './world.ts';

/** Every row of the tables with what serves it; a row that nothing serves does not compile. */
export function products(world: World, streams: EventStreams): readonly Product[] {
  const conversations: Record<ConversationsOperation, Operation> = {
    ...configurationOperations(world),
    ...postWebhookOperations(world),
    ...conversationOperations(world),
    ...messageOperations(world),
    ...participantOperations(world),
    ...userOperations(world),
    ...webhookOperations(world),
  };
  const flex: Record<FlexOperation, Operation> = {
    ...interactionOperations(world),
    ...interactionWebhookOperations(world),
    ...flexFlowOperations(world),
    ...flexChannelOperations(world),
    ...flexConfigurationOperations(world),
  };
  const taskRouter: Record<TaskRouterOperation, Operation> = {
    ...workspaceOperations(world),
    ...taskOperations(world),
  };
  const events: Record<EventsOperation, Operation> = {
    ...eventStreamOperations(world, streams),
    ...eventSubscriptionOperations(world),
  };
  const studio: Record<StudioOperation, Operation> = studioFlowOperations(world);
  const api: Record<ApiOperation, Operation> = accountOperations(world);
  return [
    { endpoints: CHAT_ENDPOINTS, operations: chatOperations(world) },
    { endpoints: CONVERSATIONS_ENDPOINTS, operations: conversations },
    { endpoints: FLEX_ENDPOINTS, operations: flex },
    { endpoints: TASKROUTER_ENDPOINTS, operations: taskRouter },
    { endpoints: STUDIO_ENDPOINTS, operations: studio },
    { endpoints: EVENTS_ENDPOINTS, operations: events },
    { endpoints: API_ENDPOINTS, operations: api },
  ];
}
