/** What Conversations keeps, and tells of it. Plain data: transitions are in `state/`. */
import type { ChannelWebhook } from '../programmable-chat/model.ts';

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

export type ConversationState = 'initializing' | 'inactive' | 'active' | 'closed';

export interface Conversation {
  readonly sid: string;
  readonly serviceSid: string;
  uniqueName: string | null;
  friendlyName: string | null;
  /** JSON text. */
  attributes: string;
  state: ConversationState;
  inactiveTimerMs?: number;
  closedTimerMs?: number;
  /** Timers run from here. */
  lastActivityMs: number;
  createdAtMs: number;
  updatedAtMs: number;
  nextIndex: number;
  readonly messages: Message[];
  readonly participants: Participant[];
  readonly webhooks: ScopedWebhook[];
  /** As Programmable Chat sees it, where it is a channel. */
  readonly channelType: 'public' | 'private';
  /** Webhooks of Programmable Chat, which are others. */
  readonly channelWebhooks: ChannelWebhook[];
}

export interface Media {
  readonly sid: string;
  readonly filename: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  /** Absent: a file. */
  readonly category?: 'body';
}

export interface Message {
  readonly sid: string;
  readonly index: number;
  author: string;
  /** Null for media. */
  body: string | null;
  readonly media: readonly Media[] | null;
  /** The template that it was made of; absent in those that were kept by an earlier simulator. */
  readonly contentSid?: string | undefined;
  /** JSON text. */
  attributes: string;
  /** Null when the author is no participant. */
  readonly participantSid: string | null;
  readonly createdAtMs: number;
  updatedAtMs: number;
  /** How it came, for replays. */
  readonly postedBy: Actor;
}

export interface Participant {
  readonly sid: string;
  readonly identity: string;
  readonly roleSid: string;
  /** JSON text. */
  attributes: string;
  lastReadMessageIndex: number | null;
  lastReadAtMs: number | null;
  readonly createdAtMs: number;
  updatedAtMs: number;
}

/** A webhook of one conversation. */
export interface ScopedWebhook {
  readonly sid: string;
  readonly target: 'webhook' | 'trigger' | 'studio';
  configuration: WebhookConfiguration;
  readonly createdAtMs: number;
  updatedAtMs: number;
}

export interface WebhookConfiguration {
  readonly url?: string | undefined;
  readonly method?: 'get' | 'post' | undefined;
  readonly filters?: readonly string[] | undefined;
  /** Words that a message must hold, for the target `trigger`. */
  readonly triggers?: readonly string[] | undefined;
  readonly flowSid?: string | undefined;
  readonly replayAfter?: number | undefined;
}

/** A chat user of the service; participants with the same identity are this user. */
export interface User {
  readonly sid: string;
  readonly identity: string;
  friendlyName: string | null;
  /** JSON text. */
  attributes: string;
  /** Of an agent: the attributes of their worker, JSON text. */
  workerAttributes?: string;
  readonly createdAtMs: number;
  updatedAtMs: number;
}

/** The webhook of a whole service or account of Conversations, after the fact. */
export interface PostWebhook {
  /** Empty: none. */
  readonly url: string;
  /** Kept only: events before the fact are not simulated. */
  readonly preUrl: string;
  readonly method: 'GET' | 'POST';
  readonly filters: readonly string[];
}
