import type { Conversation } from '../conversations/state/conversation.ts';
import { NO_WEBHOOK, type PostWebhook } from '../conversations/state/post-webhook.ts';
import type { User } from '../conversations/state/user.ts';
import type {
  EventSink,
  EventSubscription,
  UndeliveredEvent,
} from '../event-streams/state/event-sink.ts';
import type { FlexChannel } from '../flex/state/flex-channel.ts';
import { type FlexFlow, seededFlexFlows } from '../flex/state/flex-flow.ts';
import type { Interaction } from '../flex/state/interaction.ts';
import type { InteractionWebhook } from '../flex/state/interaction-webhook.ts';
import type { TwilioAccount } from '../options.ts';
import { type ChatService, newChatService } from '../programmable-chat/state/chat-service.ts';
import { type StudioFlow, seededFlows } from '../studio/studio-flow.ts';
import type { Task } from '../taskrouter/state/task.ts';
import { type TaskChannel, taskChannelsOf } from '../taskrouter/state/task-channel.ts';
import type { SidSource } from './sids.ts';

/** What an account holds: plain data, which may outlive the simulator. */
export interface WorldState {
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
} satisfies Record<keyof WorldState, true>) as (keyof WorldState)[];

const noEvents = (): Pick<
  WorldState,
  'eventSinks' | 'eventSubscriptions' | 'undeliveredEvents'
> => ({
  eventSinks: new Map(),
  eventSubscriptions: new Map(),
  undeliveredEvents: new Map(),
});

/** What a new account holds, and one that was kept gets in addition. */
export function newWorldState(
  account: TwilioAccount,
  newSid: SidSource,
  nowMs: number,
  kept?: WorldState,
): WorldState {
  const taskChannels = taskChannelsOf(account, newSid);
  const flexFlows = seededFlexFlows(account, nowMs);
  const studioFlows = seededFlows(account.studioFlows, account.workflows[0], nowMs);
  if (kept !== undefined) {
    const known = new Set(kept.taskChannels.map(({ uniqueName }) => uniqueName));
    const added = taskChannels.filter(({ uniqueName }) => !known.has(uniqueName));
    return {
      // An account that was kept by an earlier simulator has none.
      ...noEvents(),
      ...kept,
      taskChannels: [...kept.taskChannels, ...added],
      flexFlows: new Map([...flexFlows, ...kept.flexFlows]),
      studioFlows: new Map([...studioFlows, ...kept.studioFlows]),
    };
  }
  return {
    messagingServiceSid: newSid('MG'),
    createdAtMs: nowMs,
    chatService: newChatService(nowMs),
    postWebhooks: { account: NO_WEBHOOK, service: NO_WEBHOOK },
    conversations: new Map(),
    users: new Map(),
    interactions: new Map(),
    tasks: new Map(),
    lateTasks: new Map(),
    taskChannels,
    flexFlows,
    flexChannels: new Map(),
    studioFlows,
    startedFlows: new Set(),
    interactionWebhooks: new Map(),
    ...noEvents(),
  };
}
