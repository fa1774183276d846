/** What a page tells the widget. */
import type { Choice, Message } from '#client/sdk/index';
import type { Profile } from '#protocol/frames';
import type { LauncherTexts } from './texts/launcher-texts.ts';
import type { Texts } from './texts/texts.ts';

/** What the hooks may look at and change of a message to send. */
export interface Draft {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** It is a choice that a message offers, by a tap: its title is the body. It stays one. */
  readonly choice?: Choice;
}

/** One question before the first message. */
export interface FormField {
  /** `name` and `email` become the profile's; any other is one of its `fields`. */
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'email' | 'choice' | 'checkbox';
  readonly required?: boolean;
  /** Of a `choice`. */
  readonly options?: readonly string[];
  /** A regular expression that the whole value has to match. */
  readonly pattern?: string;
  /** Said when the value does not fit the pattern. */
  readonly patternHint?: string;
  /** Token of the platform's autofill, such as `tel`. Default: that of `name` and `email`. */
  readonly autocomplete?: string;
  /** Asked only while another field has this value (`'true'` for a checked box). */
  readonly when?: { readonly field: string; readonly is: string };
}

/** What a page tells the widget. Only `url` has to be there. */
export interface FlexChatConfig {
  /** The stack output `CustomerSocketUrl`. */
  readonly url: string;
  /**
   * Such as `de` or `pt-BR`. One that the widget does not speak needs its own `texts`.
   * Default: the page's language, then the browser's.
   */
  readonly locale?: string;
  /** The widget's own words, replaced one by one. */
  readonly texts?: Partial<Texts & LauncherTexts>;
  /** Default: `auto`, as the visitor's system is set. */
  readonly theme?: 'auto' | 'light' | 'dark';
  /** Who the customer is, as far as it is known. Questions that it answers are not asked. */
  readonly profile?: Profile;
  /** Asked before the first message of a chat. Default: nothing. */
  readonly form?: readonly FormField[];
  /** Default: `true`. `false`: the page opens the chat itself, by `open()`. */
  readonly launcher?: boolean;
  /** Whether all tabs share a chat. Default: `browser`. */
  readonly scope?: 'browser' | 'tab';
  /** UTF-8 bytes of a message, as configured in the stack. Default: 8192. */
  readonly maxBodyBytes?: number;
  /** A soft sound with a message that comes while nobody looks. The customer can mute it. Default: `true`. */
  readonly sound?: boolean;
  /**
   * Offers notifications of the browser for messages that come while the page is hidden. The browser
   * asks only after the customer has pressed the button. Never with `quickExitUrl`. Default: `true`.
   */
  readonly notifications?: boolean;
  /** A button that forgets the chat in all tabs and leaves for this address at once, for help lines. */
  readonly quickExitUrl?: string;
  /**
   * Changes a message before it is sent; drops it with `undefined`.
   * @example beforeSend: ({ body }) => ({ body: body.replace(/\d{13,19}/g, '[card number]') })
   */
  readonly beforeSend?: (draft: Draft) => Draft | undefined;
  /**
   * Changes a message before it is shown, read out or saved; hides it with `undefined`. Called often: keep it quick.
   * @example beforeShow: (message) => (message.author.role === 'bot' ? undefined : message)
   */
  readonly beforeShow?: (message: Message) => Message | undefined;
}
