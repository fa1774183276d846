import type { Watch } from '#local/wire/wire';
import type { ConversationEvent } from '../conversations/model.ts';
import type { RoutingFault } from '../faults/faults.ts';
import type { Unconfirmed } from '../faults/unconfirmed.ts';
import type { InteractionEvent } from '../flex/model.ts';
import type { TwilioAccount } from '../options.ts';
import type { TaskEvent } from '../taskrouter/model.ts';
import type { Scheduler } from './scheduler.ts';
import type { SidSource } from './sids.ts';
import type { WorldFile } from './world-file.ts';
import type { WorldState } from './world-state.ts';

/** The state of the simulated account, and what acts on it. */
export interface World extends WorldState {
  readonly account: TwilioAccount;
  readonly announcesFlexClose: boolean;
  readonly clockSkewMs: number;
  /** Where the plugin of this channel signals to, once it is installed in the agents' Flex. */
  signalUrl?: string;
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
  /** Sees each call of the REST API and of a webhook. */
  readonly watch: Watch;
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
