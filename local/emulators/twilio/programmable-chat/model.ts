/** What Programmable Chat keeps beside a conversation, which is its channel. */

/** A webhook of one channel, as Programmable Chat has it. */
export interface ChannelWebhook {
  readonly sid: string;
  readonly type: 'webhook' | 'trigger' | 'studio';
  configuration: ChannelWebhookConfiguration;
  readonly createdAtMs: number;
  updatedAtMs: number;
}

export interface ChannelWebhookConfiguration {
  readonly url?: string | undefined;
  readonly method?: 'GET' | 'POST' | undefined;
  readonly filters?: readonly string[] | undefined;
  /** Words that a message must hold, for the type `trigger`. */
  readonly triggers?: readonly string[] | undefined;
  readonly flowSid?: string | undefined;
  /** Default 0. */
  readonly retryCount?: number | undefined;
}

/** Settings of the chat service that Programmable Chat and Conversations share. */
export interface ChatService {
  friendlyName: string;
  /** Kept only: events before the fact are not simulated. Empty: none. */
  preWebhookUrl: string;
  /** Called after the events that the filters name, in any channel. Empty: none. */
  postWebhookUrl: string;
  webhookMethod: 'GET' | 'POST';
  webhookFilters: readonly string[];
  preWebhookRetryCount: number;
  postWebhookRetryCount: number;
  readonly createdAtMs: number;
  updatedAtMs: number;
}
