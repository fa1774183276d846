/** What Flex keeps, and tells of it. Plain data: transitions are in `state/`. */

import type { Conversation } from '../conversations/model.ts';
import type { RoutingFault } from '../faults/faults.ts';
import type { Task } from '../taskrouter/model.ts';

export interface ChannelError {
  readonly code: number;
  readonly message: string;
}

/** Flex's record of one customer contact, with its only channel. */
export interface Interaction {
  readonly sid: string;
  readonly channel: {
    readonly sid: string;
    readonly type: string;
    status: 'setup' | 'active' | 'closed' | 'inactive' | 'failed';
    /** Why it failed. */
    error?: ChannelError;
  };
  readonly conversationSid: string;
  /** The latest one: a transfer makes another. */
  task: Task;
  /** The webhook that it was created with. */
  readonly webhookTtid: string | undefined;
  /** SIDs of participants by identity. */
  readonly participantSids: Map<string, string>;
  readonly createdAtMs: number;
  /** Its task will never be made. */
  fault?: RoutingFault & { readonly error?: ChannelError };
  /** The agent has left the chat: the customer's next message makes another task. */
  isPaused?: boolean;
}

/** The request's JSON, checked. */
export interface InteractionRequest {
  readonly channelType: string;
  readonly initiatedBy: string;
  readonly conversation: Conversation;
  readonly workflowSid: string;
  readonly taskChannelUniqueName: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly priority: number;
  /** Seconds. */
  readonly timeout: number;
  readonly webhookTtid?: string | undefined;
}

/** Something that happened to an interaction. */
export interface InteractionEvent {
  /** Such as `onParticipantJoined`. */
  readonly type: string;
  readonly interaction: Interaction;
  /** Beyond those that all events share. */
  readonly fields: Readonly<Record<string, string | undefined>>;
}

/** Tells of interactions: `global` of all, `interaction` of those that were created with it. */
export interface InteractionWebhook extends InteractionWebhookSettings {
  readonly ttid: string;
  readonly type: 'global' | 'interaction';
}

export interface InteractionWebhookSettings {
  readonly url: string;
  readonly events: readonly string[];
  readonly method: 'GET' | 'POST';
  readonly friendlyName: string | null;
}

/** What Flex does with the channels of one kind. */
export interface FlexFlow extends FlexFlowSettings {
  readonly sid: string;
  readonly createdAtMs: number;
  updatedAtMs: number;
}

export interface FlexFlowSettings {
  friendlyName: string;
  chatServiceSid: string;
  channelType: string;
  contactIdentity: string | null;
  enabled: boolean;
  integrationType: 'studio' | 'external' | 'task' | null;
  integration: FlexFlowIntegration;
  longLived: boolean;
  janitorEnabled: boolean;
}

export interface FlexFlowIntegration {
  readonly flowSid?: string | undefined;
  readonly url?: string | undefined;
  readonly workspaceSid?: string | undefined;
  readonly workflowSid?: string | undefined;
  /** Task channel, by SID or unique name; default `default`. */
  readonly channel?: string | undefined;
  /** Seconds; default a day. */
  readonly timeout?: number | undefined;
  readonly priority?: number | undefined;
  /** The task is made by the first message rather than with the channel. */
  readonly creationOnMessage?: boolean | undefined;
  /** Default 3. */
  readonly retryCount?: number | undefined;
}

/** What Flex keeps about a channel of Programmable Chat that it made itself. */
export interface FlexChannel {
  /** Of the channel. */
  readonly sid: string;
  readonly flow: FlexFlow;
  readonly userSid: string;
  /** Another create with it gets this channel again, as long as it is active. */
  readonly target: string | undefined;
  readonly longLived: boolean;
  /** For the task that the flow makes. */
  readonly taskAttributes: Readonly<Record<string, unknown>>;
  /** The task that the flow made. */
  taskSid: string | null;
  /** The flow's Studio flow has been started. */
  isRouted: boolean;
  readonly createdAtMs: number;
}
