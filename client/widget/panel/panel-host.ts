import type { Message } from '#client/sdk/index';
import type { FlexChatConfig } from '../config.ts';
import type { Rating } from './conversation.ts';

/** What the element is to its panel. */
export interface PanelHost {
  /** The panel's place in the shadow tree; hidden while the chat is closed. */
  readonly element: HTMLElement;
  readonly root: ShadowRoot;
  /** As the page gave it; not checked yet. */
  readonly config: FlexChatConfig | undefined;
  /** Such as `de-AT`. */
  readonly locale: string;
  /** Such as `de`. */
  readonly language: string;
  /** That the widget speaks. */
  readonly languages: readonly string[];
  readonly direction: 'ltr' | 'rtl';
  open(): void;
  close(): void;
  /** @param label such as "2 unread messages". */
  unread(count: number, label: string): void;
  said(message: Message): void;
  rated(rating: Rating): void;
}
