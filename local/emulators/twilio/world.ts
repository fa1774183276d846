import { systemClock } from '../../clock.ts';
import type { InteractionEvent } from './interaction-events.ts';
import type { TwilioAccount, TwilioOptions } from './options.ts';
import { Scheduler } from './scheduler.ts';
import { type SidSource, sidSource } from './sids.ts';
import { type ChatService, newChatService } from './state/chat-service.ts';
import type { Conversation } from './state/conversation.ts';
import type { FlexChannel } from './state/flex-channel.ts';
import { type FlexFlow, seededFlexFlows } from './state/flex-flow.ts';
import type { Interaction } from './state/interaction.ts';
import type { InteractionWebhook } from './state/interaction-webhook.ts';
import { NO_WEBHOOK, type PostWebhook } from './state/post-webhook.ts';
import { type StudioFlow, seededFlows } from './state/studio-flow.ts';
import type { Task } from './state/task.ts';
import { type TaskChannel, taskChannelsOf } from './state/task-channel.ts';
import type { User } from './state/user.ts';

/** On whose behalf something happens. */
export interface Actor {
  /** `SDK`: an agent in the Flex UI. `API`: a REST request, or Twilio's own back end. */
  readonly source: 'API' | 'SDK';
  readonly clientIdentity?: string;
  /** REST requests are silent unless they carry `X-Twilio-Webhook-Enabled: true`. */
  readonly firesWebhooks: boolean;
  /** Studio's widgets: only the webhook of the whole chat service hears of them. */
  readonly isWidget?: boolean;
}

/** Something that happened in a conversation. */
export interface ConversationEvent {
  /** Such as `onMessageAdded`. */
  readonly type: string;
  readonly conversation: Conversation;
  readonly actor: Actor;
  /** Beyond the fields that all events share; undefined ones are left out. */
  readonly fields: Readonly<Record<string, string | undefined>>;
  /** A replay for one new webhook only. */
  readonly onlyForWebhook?: string;
}

/** The state of the simulated account, and what acts on it. */
export interface World {
  readonly account: TwilioAccount;
  readonly announcesFlexClose: boolean;
  readonly clockSkewMs: number;
  readonly taskDelayMs: number;
  readonly chatServiceWebhookDelayMs: number;
  readonly flexChannelReuseStatus: 200 | 201;
  /** Told what an operator would see in Twilio's debugger. */
  readonly log: (line: string) => void;
  readonly messagingServiceSid: string;
  /** When the account was made up. */
  readonly createdAtMs: number;
  readonly nowMs: () => number;
  readonly newSid: SidSource;
  readonly scheduler: Scheduler;
  readonly chatService: ChatService;
  /** Of Conversations, for everything in the account and in its service. */
  readonly postWebhooks: { account: PostWebhook; service: PostWebhook };
  /** By SID, oldest first, as all maps here. */
  readonly conversations: Map<string, Conversation>;
  /** By identity. */
  readonly users: Map<string, User>;
  readonly interactions: Map<string, Interaction>;
  readonly tasks: Map<string, Task>;
  readonly taskChannels: readonly TaskChannel[];
  readonly flexFlows: Map<string, FlexFlow>;
  /** What Flex keeps about channels that it made; the channels are conversations. */
  readonly flexChannels: Map<string, FlexChannel>;
  readonly studioFlows: Map<string, StudioFlow>;
  readonly interactionWebhooks: Map<string, InteractionWebhook>;
  /** Hear every event whose actor fires webhooks. */
  readonly subscribers: ((event: ConversationEvent) => void)[];
  /** Hear those as well, and what Studio's widgets do. */
  readonly serviceSubscribers: ((event: ConversationEvent) => void)[];
  readonly interactionSubscribers: ((event: InteractionEvent) => void)[];
}

export function createWorld(options: TwilioOptions): World {
  const newSid = sidSource(options.random);
  const clock = options.clock ?? systemClock;
  const { account } = options;
  return {
    account,
    announcesFlexClose: options.announcesFlexClose ?? true,
    clockSkewMs: options.clockSkewMs ?? 0,
    taskDelayMs: options.taskDelayMs ?? 10,
    chatServiceWebhookDelayMs: options.chatServiceWebhookDelayMs ?? 0,
    flexChannelReuseStatus: options.flexChannelReuseStatus ?? 201,
    log: options.log ?? (() => {}),
    messagingServiceSid: newSid('MG'),
    createdAtMs: clock.now(),
    nowMs: () => clock.now(),
    newSid,
    scheduler: new Scheduler(),
    chatService: newChatService(clock.now()),
    postWebhooks: { account: NO_WEBHOOK, service: NO_WEBHOOK },
    conversations: new Map(),
    users: new Map(),
    interactions: new Map(),
    tasks: new Map(),
    taskChannels: taskChannelsOf(account, newSid),
    flexFlows: seededFlexFlows(account, clock.now()),
    flexChannels: new Map(),
    studioFlows: seededFlows(account.studioFlows, account.workflows[0], clock.now()),
    interactionWebhooks: new Map(),
    subscribers: [],
    serviceSubscribers: [],
    interactionSubscribers: [],
  };
}

export function announce(world: World, event: ConversationEvent): void {
  const { firesWebhooks, isWidget } = event.actor;
  if (firesWebhooks) for (const subscriber of world.subscribers) subscriber(event);
  if (firesWebhooks || isWidget) {
    for (const subscriber of world.serviceSubscribers) subscriber(event);
  }
}

/** ISO 8601 with milliseconds, as in webhooks. */
export const isoMs = (timeMs: number): string => new Date(timeMs).toISOString();

/** ISO 8601 to the second, as in REST resources. */
export const isoSeconds = (timeMs: number): string => isoMs(timeMs).replace(/\.\d{3}Z$/, 'Z');
