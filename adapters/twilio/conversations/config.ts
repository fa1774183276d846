import type { FlexConfig } from '../flex/flex-config.ts';
import { path, type TwilioPath } from '../rest/twilio-path.ts';

export interface ConversationsConfig extends FlexConfig {
  /** How a chat becomes an agent's work. */
  readonly routing: TaskRouting | StudioRouting | ExternalRouting;
  /** Webhook of type `interaction` that is to follow the interactions we create. */
  readonly interactionWebhookTtid?: string;
  /** Given where this channel's plugin shows agents what a customer does. */
  readonly plugin?: object;
  /** After how long without a message Twilio makes a conversation inactive, and closes it. Default: never. */
  readonly timers?: { readonly inactiveMinutes: number; readonly closedMinutes: number };
}

/** We create the interaction, and with it the task. */
export interface TaskRouting {
  readonly type: 'task';
  /** `WW…` */
  readonly workflowSid: string;
  /** Unique name of the task channel. Default: Flex chooses by the channel type. */
  readonly taskChannel?: string;
}

/** A Studio flow hears the messages; its Send to Flex widget creates the task. */
export interface StudioRouting {
  readonly type: 'studio';
  /** `FW…` */
  readonly flowSid: string;
  /** Where a chat is sent that is routed again; without it where its former task was. */
  readonly workflowSid?: string;
  readonly taskChannel?: string;
}

/** A service of the operator hears the messages and creates the interaction. */
export interface ExternalRouting {
  readonly type: 'external';
  readonly url: string;
}

/** @param conversation SID or unique name. */
export function conversationPath(
  { chatServiceSid }: ConversationsConfig,
  conversation: string,
): TwilioPath {
  return path`/v1/Services/${chatServiceSid}/Conversations/${conversation}`;
}

export function userPath({ chatServiceSid }: ConversationsConfig, identity: string): TwilioPath {
  return path`/v1/Services/${chatServiceSid}/Users/${identity}`;
}
