import type { FallbackNames } from '../flex/display-names.ts';
import { path, type TwilioPath } from '../rest/twilio-path.ts';

export interface ConversationsConfig {
  /** `IS…`: the Flex chat service, which has to be the account's default one. */
  readonly chatServiceSid: string;
  /** `WS…` */
  readonly workspaceSid: string;
  /** How a chat becomes an agent's work. */
  readonly routing: TaskRouting | StudioRouting | ExternalRouting;
  /** Webhook of type `interaction` that is to follow the interactions we create. */
  readonly interactionWebhookTtid?: string;
  /** After how long without a message Twilio makes a conversation inactive, and closes it. Default: never. */
  readonly timers?: { readonly inactiveMinutes: number; readonly closedMinutes: number };
  /** Public base URL of our webhooks, without a trailing slash. */
  readonly webhookUrl: string;
  /** What customers see where Flex tells no name. */
  readonly names: FallbackNames;
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
