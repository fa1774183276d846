import { API_ENDPOINTS, type ApiOperation } from './account/endpoints.ts';
import { accountOperations } from './account/operations.ts';
import { CONTENT_ENDPOINTS, type ContentOperation } from './content/endpoints.ts';
import { contentOperations } from './content/operations.ts';
import { CONVERSATIONS_ENDPOINTS, type ConversationsOperation } from './conversations/endpoints.ts';
import { configurationOperations } from './conversations/operations/configuration.ts';
import { conversationOperations } from './conversations/operations/conversations.ts';
import { messageOperations } from './conversations/operations/messages.ts';
import { participantOperations } from './conversations/operations/participants.ts';
import { postWebhookOperations } from './conversations/operations/post-webhooks.ts';
import { userOperations } from './conversations/operations/users.ts';
import { webhookOperations } from './conversations/operations/webhooks.ts';
import { EVENTS_ENDPOINTS, type EventsOperation } from './event-streams/endpoints.ts';
import type { EventStreams } from './event-streams/event-streams.ts';
import { eventStreamOperations } from './event-streams/operations/sinks.ts';
import { eventSubscriptionOperations } from './event-streams/operations/subscriptions.ts';
import { FLEX_ENDPOINTS, type FlexOperation } from './flex/endpoints.ts';
import { flexChannelOperations } from './flex/operations/flex-channels.ts';
import { flexConfigurationOperations } from './flex/operations/flex-configuration.ts';
import { flexFlowOperations } from './flex/operations/flex-flows.ts';
import { interactionWebhookOperations } from './flex/operations/interaction-webhooks.ts';
import { interactionOperations } from './flex/operations/interactions.ts';
import { IAM_ENDPOINTS, type IamOperation } from './iam/endpoints.ts';
import { iamOperations } from './iam/operations.ts';
import { PLUGIN_ENDPOINTS, type PluginOperation } from './plugins/endpoints.ts';
import { pluginOperations } from './plugins/operations.ts';
import { PROGRAMMABLE_CHAT_ENDPOINTS } from './programmable-chat/endpoints.ts';
import { programmableChatOperations } from './programmable-chat/operations/programmable-chat.ts';
import type { Operation } from './rest/call.ts';
import type { Product } from './rest/rest-api.ts';
import { STUDIO_ENDPOINTS, type StudioOperation } from './studio/endpoints.ts';
import { studioFlowOperations } from './studio/operations.ts';
import { TASKROUTER_ENDPOINTS, type TaskRouterOperation } from './taskrouter/endpoints.ts';
import { taskOperations } from './taskrouter/operations/tasks.ts';
import { workspaceOperations } from './taskrouter/operations/workspace.ts';
import type { World } from './world/world.ts';

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
  const iam: Record<IamOperation, Operation> = iamOperations(world);
  const plugins: Record<PluginOperation, Operation> = pluginOperations(world);
  const content: Record<ContentOperation, Operation> = contentOperations(world);
  const api: Record<ApiOperation, Operation> = accountOperations(world);
  return [
    { endpoints: PROGRAMMABLE_CHAT_ENDPOINTS, operations: programmableChatOperations(world) },
    { endpoints: CONVERSATIONS_ENDPOINTS, operations: conversations },
    { endpoints: FLEX_ENDPOINTS, operations: flex },
    { endpoints: TASKROUTER_ENDPOINTS, operations: taskRouter },
    { endpoints: STUDIO_ENDPOINTS, operations: studio },
    { endpoints: EVENTS_ENDPOINTS, operations: events },
    { endpoints: API_ENDPOINTS, operations: api },
    { endpoints: IAM_ENDPOINTS, operations: iam },
    { endpoints: PLUGIN_ENDPOINTS, operations: plugins },
    { endpoints: CONTENT_ENDPOINTS, operations: content },
  ];
}
