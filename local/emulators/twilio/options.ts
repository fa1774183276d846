/** What the simulated Twilio account holds, and how it is run. */
import type { Watch } from '#local/wire/wire';
import type { Clock } from '../../clock.ts';
import type { RandomBytes } from '../../random.ts';

export interface StudioFlow {
  readonly sid: string;
  /** What the flow answers to the customer's first message. */
  readonly botReply?: string;
  /**
   * How the flow answers. `function` (default): by a Function that posts with webhooks enabled.
   * `widget`: by the Send Message widget, whose messages reach no webhook of the conversation.
   */
  readonly via?: 'widget' | 'function';
}

export interface FlexFlowSeed {
  readonly sid: string;
  readonly integrationType: 'studio' | 'external' | 'task';
  readonly integration: {
    /** For `studio`. */
    readonly flowSid?: string;
    /** For `external`. */
    readonly url?: string;
    /** For `task`. */
    readonly workflowSid?: string;
    /** For `task`: unique name of the task channel; default `default`. */
    readonly channel?: string;
  };
}

/** A Main key may do everything, a Standard key everything but read accounts and manage keys. */
export type ApiKeyType = 'main' | 'standard' | 'restricted';

export interface ApiKey {
  readonly sid: string;
  readonly secret: string;
  /** Default `standard`, as the documents of this project ask for. */
  readonly type?: ApiKeyType;
}

export interface TwilioAccount {
  readonly accountSid: string;
  /** Signs webhooks, and is accepted as a password beside the API keys. */
  readonly authToken: string;
  readonly apiKeys: readonly ApiKey[];
  /** The account's default conversation service, which is Flex's. */
  readonly chatServiceSid: string;
  /** What Conversations says instead, as in an account that is not set up for Flex. */
  readonly defaultChatServiceSid?: string;
  readonly workspaceSid: string;
  readonly workflows: readonly {
    readonly sid: string;
    /** Unique name of the task channel; default `chat`. */
    readonly taskChannel?: string;
  }[];
  readonly studioFlows: readonly StudioFlow[];
  readonly flexInstanceSid: string;
  /** Enabled Flex Flows for channels of type `custom`; default none. */
  readonly flexFlows?: readonly FlexFlowSeed[];
}

export interface TwilioOptions {
  readonly account: TwilioAccount;
  /** Default: a free one. */
  readonly port?: number;
  /** Origin of the page that holds the agent's desk. Absent: no browser may use the desk. */
  readonly corsOrigin?: string;
  /** Keeps what the account holds from one run to the next. Absent: it ends with the process. */
  readonly file?: string | undefined;
  /** What conversations' dates and timers go by; default: the system's. */
  readonly clock?: Pick<Clock, 'now'>;
  /** For SIDs; default: the system's. */
  readonly random?: RandomBytes;
  /** How far the clock of Twilio's hosts is ahead of ours, in the header `Date`; default 0. */
  readonly clockSkewMs?: number;
  /** How long after an interaction its task appears; default 10. */
  readonly taskDelayMs?: number;
  /**
   * How long after an event the chat service's own webhook is called; default 0. With Twilio
   * it has been seen to take about 10 s.
   */
  readonly chatServiceWebhookDelayMs?: number;
  /**
   * How a create of a Flex Channel is answered that finds an active one; default 201. No source
   * settles which it is.
   */
  readonly flexChannelReuseStatus?: 200 | 201;
  /** How many searches of tasks by their attributes are served in a second; default 3 as with Twilio. */
  readonly taskSearchesPerSecond?: number;
  /** How long a webhook may take; default 5000 as with Twilio. */
  readonly webhookTimeoutMs?: number;
  /**
   * Whether webhooks of the conversation hear that Flex closed it. No source settles what
   * Twilio does; default true.
   */
  readonly announcesFlexClose?: boolean;
  /** Told about webhooks that failed, as Twilio's debugger would show them. */
  readonly log?: (line: string) => void;
  /** Sees each call of the REST API and of a webhook. */
  readonly watch?: Watch;
}
