/** What the product needs of Flex: the port `FlexBackend` and the shapes that cross it. */
import type { Choice, Content } from '#protocol/content';
import type { AuthorRole, Media } from '#protocol/events';
import type { Customer } from './identity.ts';
import type { ChannelSid, ClientMessageId } from './ids.ts';
import type { Channel, ChatRef, TranscriptPlace } from './session.ts';

/** A message as Flex holds it. */
export interface FlexMessage {
  /** Ascending within a channel; gaps are possible. */
  readonly index: number;
  /** Flex identity of the author; never shown to a customer. */
  readonly author: string;
  /** `MB…` of the author, where Flex tells it. */
  readonly participantSid?: string;
  /** What Flex's own marks say. If the author is the customer's identity, this does not count. */
  readonly role: Exclude<AuthorRole, 'customer'>;
  readonly clientMessageId?: ClientMessageId;
  /** Empty for media without text. */
  readonly body: string;
  readonly media?: readonly Media[];
  /** Rich content that stands in the message itself. */
  readonly content?: Content;
  /** Rich content that Flex keeps elsewhere. */
  readonly contentRef?: ContentRef;
  /** What the author has chosen among what an earlier message offers. */
  readonly choice?: Choice;
  readonly sentAtMs: number;
  /** When it was last changed, if that was after it was sent: its words, or only its attributes. */
  readonly editedAtMs?: number;
}

/** A page of a channel's messages, ascending. */
export interface FlexMessagePage {
  readonly messages: readonly FlexMessage[];
  /**
   * False: more messages follow. If the page is empty, they follow the index that was asked for.
   */
  readonly complete: boolean;
  /** The given places and new ones; absent if there are no new ones. */
  readonly places?: readonly TranscriptPlace[];
  /** What the reading came past up to the index that was asked for. */
  readonly kept?: KeptMessages;
}

/** All that a channel still has of its messages after `from`, up to the index that was asked for. */
export interface KeptMessages {
  readonly from: number;
  readonly indexes: readonly number[];
  /** Those of them that were changed, ascending. */
  readonly edited: readonly FlexMessage[];
}

/** Where Flex keeps rich content of a message; the first one that can be read counts. */
export interface ContentRef {
  readonly media?: Pick<Media, 'id' | 'contentType'>;
  /** What the message was made of: it may hold gaps that only the message's body has filled. */
  readonly templateId?: string;
}

/** Words, or a file that `uploadFile` has brought to Flex. */
export type CustomerMessage = {
  readonly id: ClientMessageId;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly choice?: Choice;
} & ({ readonly body: string } | { readonly mediaId: string });

/** A fact that a webhook of Flex told us. */
export type FlexEvent = { readonly channelSid: ChannelSid } & (
  | { readonly kind: 'message'; readonly message: FlexMessage }
  /** Its words or only its attributes were changed; the message is as it is now. */
  | { readonly kind: 'edited'; readonly message: FlexMessage }
  /** The message is as it was last. */
  | { readonly kind: 'deleted'; readonly message: FlexMessage }
  /** `identity` is absent where Flex only says that some agent came or went, with a task. */
  | {
      readonly kind: 'joined' | 'left';
      readonly identity?: string;
      /** `MB…`: of one stay in the channel. */
      readonly participantSid?: string;
      readonly taskSid?: string;
    }
  | { readonly kind: 'read'; readonly identity: string; readonly index: number }
  /** `system`: a timer of Flex ended it. */
  | { readonly kind: 'ended'; readonly by: 'agent' | 'system'; readonly atMs: number }
  /** The chat has a task, whoever made it. */
  | ({ readonly kind: 'routed'; readonly taskSid: string } & Pick<
      Channel,
      'interactionSid' | 'interactionChannelSid'
    >)
  /** Perhaps nobody serves the chat any more: a look decides. */
  | {
      readonly kind: 'unserved';
      readonly reason: UnservedReason;
      readonly taskSid?: string;
      readonly atMs: number;
    }
  /** Nothing a customer is to see. */
  | { readonly kind: 'other' }
);

/** The task was canceled, deleted or completed, or was never made. */
export type UnservedReason = 'canceled' | 'deleted' | 'failed' | 'left';

/** Who serves a channel, by Flex's answer. */
export type Service =
  | { readonly kind: 'ended' }
  /** Flex has no such channel any more. */
  | { readonly kind: 'gone' }
  /** An agent has the chat, or TaskRouter is looking for one. */
  | { readonly kind: 'task'; readonly taskSid: string }
  /** No task, but Flex makes one with the customer's next message. */
  | { readonly kind: 'paused' }
  /** No task, and Flex says that it could not make one. */
  | { readonly kind: 'failed' }
  | { readonly kind: 'none' };

/** `ended` is final. A chat that an agent has left or parked is `open`. */
export type ChannelState = 'open' | 'ended';

export interface OpenedChannel {
  readonly channel: Channel;
  /** `ended`: the channel was there already and is closed for good. */
  readonly state: ChannelState;
}

/**
 * Channels of chats. Every method may be repeated after a crash at any point: before each step it
 * looks by the channel's unique name, which the chat's reference gives, whether the step is done.
 */
export interface FlexChannels {
  /** Finds or opens the channel of a chat, with the customer in it and our webhooks on it. */
  openChannel(chat: ChatRef, profile: Customer): Promise<OpenedChannel>;
  /**
   * Routes the channel to an agent as configured, once per channel.
   * @returns the channel with all SIDs that are known now.
   */
  routeChannel(channel: Channel, chat: ChatRef, profile: Customer): Promise<Channel>;
  /** Ends the chat in Flex from the customer's side. Ending an ended chat changes nothing. */
  endChannel(channel: Channel): Promise<void>;
  /**
   * Asks Flex whether the chat has ended, as a webhook may be lost.
   * @returns undefined when Flex does not know the channel (any more).
   * @throws ChatError `MISCONFIGURED` when it is the service that Flex does not know.
   */
  channelState(chat: ChatRef): Promise<ChannelState | undefined>;
  /** Whether a new chat becomes a task at once, without a flow or another service in between. */
  readonly awaitsTask: boolean;
  /** Asks TaskRouter, by one call, whether an agent has the task or is to get it. */
  taskGoesOn(taskSid: string): Promise<boolean>;
  /**
   * Asks Flex who serves a chat: reads the channel and the known task, and searches another task if
   * that is over. Up to four calls, one of them a search, of which Twilio allows three a second.
   */
  service(channel: Channel): Promise<Service>;
  /**
   * Routes the open channel again, in the same conversation. A repeat may make a second task: call
   * `service` first.
   * @returns the channel with all SIDs that are known now.
   * @throws ChatError as `routeChannel`.
   */
  rerouteChannel(channel: Channel, chat: ChatRef, profile: Customer): Promise<Channel>;
}

/** Messages of a channel. Flex is the only transcript. */
export interface FlexMessages {
  /**
   * Posts one message of the customer. A repeat posts it twice: call `findMessage` first when an
   * earlier attempt may have arrived.
   * @throws ChatError `CHAT_ENDED`, `TOO_LARGE`, `UPSTREAM_REFUSED` for good;
   * `RATE_LIMITED`, `UPSTREAM_UNAVAILABLE`, `MISCONFIGURED` to be retried.
   */
  postMessage(channel: Channel, chat: ChatRef, message: CustomerMessage): Promise<void>;
  /**
   * Looks for a customer's message by its client id: among the channel's last messages (at least
   * 40), and among all that are not older than `sinceMs`, at most 1,000 of them.
   */
  findMessage(
    chat: ChatRef,
    id: ClientMessageId,
    sinceMs: number,
  ): Promise<FlexMessage | undefined>;
  /**
   * Messages with an index above `afterIndex`, ascending. Works on ended chats.
   * A chat that Flex does not know has none.
   *
   * Makes a constant number of calls, however long the transcript is. If they do not reach the
   * index, the page is empty and not complete, and its places lead further the next time.
   * @param places of earlier pages, the latest last.
   */
  listMessages(
    chat: ChatRef,
    afterIndex: number,
    limit: number,
    places?: readonly TranscriptPlace[],
  ): Promise<FlexMessagePage>;
  /**
   * The last messages, `limit` of them at most, ascending, by one call. Works on ended chats.
   * @returns `complete: false` when there are more before them.
   */
  listLatest(chat: ChatRef, limit: number): Promise<Omit<FlexMessagePage, 'places'>>;
  /**
   * When the latest message was written, whoever wrote it; undefined without one, and without the
   * channel.
   */
  lastWordAtMs(chat: ChatRef): Promise<number | undefined>;
  /** Publishes the customer's read horizon to the agent. */
  markRead(channel: Channel, chat: ChatRef, index: number): Promise<void>;
}

/** Files in messages. */
export interface FlexFiles {
  /**
   * Brings a file to Flex, for one message. Nobody sees it before a message carries it.
   * @returns its id.
   * @throws ChatError `UPSTREAM_REFUSED` for good; others to be retried, as `postMessage`.
   */
  uploadFile(file: {
    readonly filename: string;
    readonly contentType: string;
    readonly bytes: Uint8Array;
  }): Promise<string>;
  /**
   * An address that needs no credentials and is good for some minutes: ask for each click.
   * @throws ChatError `FILE_GONE`.
   */
  fileUrl(id: string): Promise<string>;
}

/** Rich content of messages. */
export interface FlexContents {
  /**
   * Fast enough for a webhook, and remembered for a while. Never throws: a message does without.
   * @returns undefined where there is none that can be shown.
   */
  findContent(ref: ContentRef): Promise<FoundContent | undefined>;
}

export interface FoundContent {
  readonly content: Content;
  /** What it says in plain text, for a message whose body is empty. */
  readonly body: string;
}

/** Names of agents and bots as customers may see them. */
export interface FlexNames {
  /**
   * Asks Flex for an agent's name for customers. Fast enough for a webhook, and not cached.
   * @returns never the identity itself; empty when there is no name that customers may see.
   * @throws ChatError when Flex can't be asked now.
   */
  findName(identity: string): Promise<string>;
  /** The configured name, for an agent or bot whose name is not known. */
  fallbackName(role: 'agent' | 'bot'): string;
}

/**
 * Passing signs of life. Each is worth something for seconds only: never repeated, given up soon,
 * and shown to agents by this channel's plugin alone.
 */
export interface FlexSignals {
  /**
   * Shows agents that the customer is writing.
   * @param seenIndex how far the customer has read, for a channel in which Flex knows of no horizon.
   * @throws ChatError as `postMessage`.
   */
  showTyping(
    channel: Channel,
    chat: ChatRef,
    signal: { readonly atMs: number; readonly seenIndex?: number },
  ): Promise<void>;
}

/** One Flex account behind one of its two back ends. */
export interface FlexBackend
  extends FlexChannels,
    FlexMessages,
    FlexFiles,
    FlexContents,
    FlexNames {
  /** Absent where the back end has no way for them, or no plugin is there to show them. */
  readonly signals?: FlexSignals;
}
