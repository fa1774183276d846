import type { ContentState } from '../content/model.ts';
import type { Conversation, PostWebhook, User } from '../conversations/model.ts';
import type { EventSink, EventSubscription, UndeliveredEvent } from '../event-streams/model.ts';
import type { FlexChannel, FlexFlow, Interaction, InteractionWebhook } from '../flex/model.ts';
import type { StoredMedia } from '../media/model.ts';
import type { PluginState } from '../plugins/model.ts';
import type { ChatService } from '../programmable-chat/model.ts';
import type { StudioFlow } from '../studio/model.ts';
import type { Task, TaskChannel } from '../taskrouter/model.ts';

/** What an account holds: plain data, which may outlive the simulator. */
export interface WorldState extends PluginState, ContentState {
  readonly messagingServiceSid: string;
  /** When the account was made up. */
  readonly createdAtMs: number;
  readonly chatService: ChatService;
  /** Of Conversations, for everything in the account and in its service. */
  readonly postWebhooks: { account: PostWebhook; service: PostWebhook };
  /** By SID, oldest first, as all maps here. */
  readonly conversations: Map<string, Conversation>;
  /** By identity. */
  readonly users: Map<string, User>;
  /** Files, by SID. */
  readonly media: Map<string, StoredMedia>;
  readonly interactions: Map<string, Interaction>;
  readonly tasks: Map<string, Task>;
  /** Made already, and about to appear. */
  readonly lateTasks: Map<string, Task>;
  readonly taskChannels: readonly TaskChannel[];
  readonly flexFlows: Map<string, FlexFlow>;
  /** What Flex keeps about channels that it made; the channels are conversations. */
  readonly flexChannels: Map<string, FlexChannel>;
  readonly studioFlows: Map<string, StudioFlow>;
  /** SIDs of the webhooks that have started their flow. */
  readonly startedFlows: Set<string>;
  readonly interactionWebhooks: Map<string, InteractionWebhook>;
  readonly eventSinks: Map<string, EventSink>;
  readonly eventSubscriptions: Map<string, EventSubscription>;
  /** By id. */
  readonly undeliveredEvents: Map<string, UndeliveredEvent>;
}

/** Every key of the state: one that is missing here does not compile. */
export const STATE_KEYS = Object.keys({
  messagingServiceSid: true,
  createdAtMs: true,
  chatService: true,
  postWebhooks: true,
  conversations: true,
  users: true,
  media: true,
  interactions: true,
  tasks: true,
  lateTasks: true,
  taskChannels: true,
  flexFlows: true,
  flexChannels: true,
  studioFlows: true,
  startedFlows: true,
  interactionWebhooks: true,
  eventSinks: true,
  eventSubscriptions: true,
  undeliveredEvents: true,
  plugins: true,
  pluginConfigurations: true,
  pluginReleases: true,
  contentTemplates: true,
} satisfies Record<keyof WorldState, true>) as (keyof WorldState)[];
