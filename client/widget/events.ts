import type { Message } from '#client/sdk/index';
import type { Rating } from './panel/conversation.ts';

/** What the element tells; as `CustomEvent`s named `flex-chat:<name>`, too. */
export interface FlexChatEvents {
  readonly open: undefined;
  readonly close: undefined;
  /** Somebody else has just said something. */
  readonly message: Message;
  /** Messages that nobody has seen yet. */
  readonly unread: number;
  /** The customer has rated a chat. */
  readonly rated: Rating;
}
