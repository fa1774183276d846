import { systemClock } from '../../../clock.ts';
import type { Conversation } from '../conversations/state/conversation.ts';
import type { RoutingFault } from '../faults/faults.ts';
import type { Unconfirmed } from '../faults/unconfirmed.ts';
import type { InteractionEvent } from '../flex/interaction-events.ts';
import type { TwilioAccount, TwilioOptions } from '../options.ts';
import type { TaskEvent } from '../taskrouter/task-events.ts';
import { Scheduler } from './scheduler.ts';
import { type SidSource, sidSource } from './sids.ts';
import { WorldFile } from './world-file.ts';
import { newWorldState, type WorldState } from './world-state.ts';

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
export interface World extends WorldState {
  readonly account: TwilioAccount;
  readonly announcesFlexClose: boolean;
  readonly clockSkewMs: number;
  readonly taskDelayMs: number;
  readonly chatServiceWebhookDelayMs: number;
  readonly flexChannelReuseStatus: 200 | 201;
  readonly taskSearchesPerSecond: number;
  /** Whether the next task that is promised will not be made. */
  takeRoutingFault: () => RoutingFault | undefined;
  /** Whether messages name their author by the SID of their participant. */
  namesParticipants: () => boolean;
  /** How Twilio is to behave where nobody documents it. */
  unconfirmed: () => Unconfirmed;
  /** Told what an operator would see in Twilio's debugger. */
  readonly log: (line: string) => void;
  readonly nowMs: () => number;
  readonly newSid: SidSource;
  readonly scheduler: Scheduler;
  /** Keeps the state; undefined where it ends with the process. */
  readonly file: WorldFile | undefined;
  /** Hear every event whose actor fires webhooks. */
  readonly subscribers: ((event: ConversationEvent) => void)[];
  /** Hear those as well, and what Studio's widgets do. */
  readonly serviceSubscribers: ((event: ConversationEvent) => void)[];
  readonly interactionSubscribers: ((event: InteractionEvent) => void)[];
  readonly taskSubscribers: ((event: TaskEvent) => void)[];
}

export function createWorld(options: TwilioOptions): World {
  const newSid = sidSource(options.random);
  const clock = options.clock ?? systemClock;
  const { account } = options;
  const file = options.file === undefined ? undefined : new WorldFile(options.file, account);
  const world: World = {
    ...newWorldState(account, newSid, clock.now(), file?.load()),
    account,
    announcesFlexClose: options.announcesFlexClose ?? true,
    clockSkewMs: options.clockSkewMs ?? 0,
    taskDelayMs: options.taskDelayMs ?? 10,
    chatServiceWebhookDelayMs: options.chatServiceWebhookDelayMs ?? 0,
    flexChannelReuseStatus: options.flexChannelReuseStatus ?? 201,
    taskSearchesPerSecond: options.taskSearchesPerSecond ?? 3,
    takeRoutingFault: () => undefined,
    namesParticipants: () => false,
    unconfirmed: () => ({}),
    log: options.log ?? (() => {}),
    nowMs: () => clock.now(),
    newSid,
    scheduler: new Scheduler(),
    file,
    subscribers: [],
    serviceSubscribers: [],
    interactionSubscribers: [],
    taskSubscribers: [],
  };
  file?.watch(world);
  return world;
}

export function announce(world: World, event: ConversationEvent): void {
  world.file?.touch();
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
