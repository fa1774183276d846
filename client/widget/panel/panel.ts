/** The opened chat: draws the conversation into its element, and keeps scroll, focus and speech right. */
import type { Message, SaidMessage } from '#client/sdk/index';
import { render } from '#client/widget/jsx/jsx-runtime';
import type { FlexChatConfig } from '../config.ts';
import { loadTexts } from '../texts/locales.ts';
import { withOwnTexts } from '../texts/texts.ts';
import { createAnnouncer } from './announcer.ts';
import { Attention } from './attention.ts';
import { checkConfig } from './check-config.ts';
import { Conversation, type Phase, type Rating } from './conversation.ts';
import css from './panel.css';
import { type PanelActions, PanelView } from './panel-view.tsx';
import { rowsOf } from './rows.ts';
import { transcriptHtml, transcriptText } from './transcript-file.ts';
import { Words } from './words.ts';

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
  readonly direction: 'ltr' | 'rtl';
  close(): void;
  /** @param label such as "2 unread messages". */
  unread(count: number, label: string): void;
  said(message: Message): void;
  rated(rating: Rating): void;
}

/** So many rows are drawn; earlier ones when the reader asks for them. */
const WINDOW = 50;
/** So close to the end the reader counts as being there. */
const AT_END_PX = 48;

/** What gets the focus when one phase takes the place of another that had it. */
const FIRST_FOCUS: Readonly<Record<Phase, string>> = {
  loading: '.log',
  form: 'form.form input, form.form select',
  chat: 'textarea',
  'confirm-end': '.keep',
  over: '.again',
  closed: '.log',
};

export class Panel {
  readonly conversation: Conversation;
  readonly #host: PanelHost;
  readonly #config: FlexChatConfig;
  readonly #words: Words;
  readonly #announcer;
  readonly #attention = new Attention();
  readonly #ends: (() => void)[] = [];
  #drawing = false;
  #phase: Phase = 'loading';
  #window = WINDOW;
  #isAtEnd = true;
  #below = 0;
  #isChecked = false;

  /** @throws ConfigError */
  static async open(host: PanelHost): Promise<Panel> {
    const config = checkConfig(host.config);
    const texts = withOwnTexts(await loadTexts(host.language), config.texts);
    return new Panel(host, config, new Words(texts, host.locale));
  }

  private constructor(host: PanelHost, config: FlexChatConfig, words: Words) {
    this.#host = host;
    this.#config = config;
    this.#words = words;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    host.root.adoptedStyleSheets = [...host.root.adoptedStyleSheets, sheet];
    this.#ends.push(() => {
      host.root.adoptedStyleSheets = host.root.adoptedStyleSheets.filter((own) => own !== sheet);
    });
    host.element.lang = host.locale;
    host.element.dir = host.direction;
    host.element.setAttribute('aria-label', words.texts.title);
    this.#announcer = createAnnouncer(words.texts.log);
    host.root.append(this.#announcer.element);
    this.conversation = new Conversation(config, {
      changed: () => this.#draw(),
      said: (message) => this.#said(message),
      rated: (rating) => host.rated(rating),
    });
    this.#listen('visibilitychange', document, () => this.look());
    this.#listen('resize', visualViewport, () => this.#fit());
    this.#listen('scroll', visualViewport, () => this.#fit());
    this.#drawNow();
  }

  dispose(): void {
    for (const end of this.#ends) end();
    this.conversation.close();
    this.#attention.count(0);
    this.#announcer.element.remove();
    render(null, this.#host.element);
  }

  /** The panel has been shown or hidden. */
  look(): void {
    this.#fit();
    this.conversation.look(this.#isLookedAt && this.#isAtEnd);
    this.#drawNow();
  }

  focus(): void {
    this.#attention.allowSound();
    this.#first(FIRST_FOCUS[this.conversation.phase])?.focus();
  }

  get #isLookedAt(): boolean {
    return !this.#host.element.hidden && document.visibilityState === 'visible';
  }

  /** Once for all changes of one turn. */
  #draw(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    queueMicrotask(() => {
      this.#drawing = false;
      this.#drawNow();
    });
  }

  #drawNow(): void {
    const { conversation } = this;
    const { element } = this.#host;
    const hadFocus = this.#host.root.activeElement;
    const { timeline } = conversation;
    const rows = rowsOf(timeline.slice(-this.#window), this.#config.beforeShow);
    const props = {
      conversation,
      words: this.#words,
      rows,
      hasEarlier: timeline.length > this.#window,
      below: this.#isAtEnd ? 0 : this.#below,
      isChecked: this.#isChecked,
      canQuickExit: this.#config.quickExitUrl !== undefined,
      actions: this.#actions,
    };
    if (!element.hidden) {
      render(PanelView(props), element);
      if (this.#isAtEnd) this.#scrollToEnd();
      this.#keepFocus(hadFocus);
    }
    this.#phase = conversation.phase;
    const { texts } = this.#words;
    const { unread } = conversation.state;
    this.#attention.count(unread);
    this.#host.unread(unread, this.#words.count(texts.unread, unread));
  }

  /** When what had the focus is gone, or the phase has changed under it, what takes its place gets it. */
  #keepFocus(before: Element | null): void {
    if (before === null || this.#host.element.hidden) return;
    const isGone = !before.isConnected;
    const isChanged = this.#phase !== this.conversation.phase && !this.#host.root.activeElement;
    if (isGone || isChanged) this.#first(FIRST_FOCUS[this.conversation.phase])?.focus();
  }

  readonly #actions: PanelActions = {
    close: () => this.#host.close(),
    quickExit: () => {
      this.conversation.forget();
      location.replace(this.#config.quickExitUrl ?? 'about:blank');
    },
    showEarlier: () => {
      const log = this.#first('.log');
      const before = log?.scrollHeight ?? 0;
      this.#window += WINDOW;
      this.#drawNow();
      if (log) log.scrollTop += log.scrollHeight - before;
    },
    toEnd: () => {
      this.#first('.log')?.focus();
      this.#scrollToEnd();
      this.#scrolled();
    },
    scrolled: () => this.#scrolled(),
    checkForm: (form) => {
      this.#isChecked = true;
      const wrong = this.conversation.finishForm();
      this.#drawNow();
      if (wrong) form.querySelector<HTMLElement>(`[name="${CSS.escape(wrong)}"]`)?.focus();
      else this.focus();
    },
    send: (text) => {
      this.#attention.allowSound();
      this.#isAtEnd = true;
      return this.conversation.send(text) !== undefined;
    },
    save: (kind) => this.#save(kind),
  };

  #said(message: SaidMessage): void {
    this.#announcer.say(this.#words.spoken(message));
    if (!this.#isAtEnd) this.#below++;
    if (message.once && !this.#isLookedAt && !this.conversation.isMuted) this.#attention.sound();
    this.#host.said(message);
  }

  #scrolled(): void {
    const log = this.#first('.log');
    if (!log) return;
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < AT_END_PX;
    if (isAtEnd === this.#isAtEnd) return;
    this.#isAtEnd = isAtEnd;
    this.#below = 0;
    this.conversation.look(this.#isLookedAt && isAtEnd);
    this.#draw();
  }

  #scrollToEnd(): void {
    const log = this.#first('.log');
    if (log) log.scrollTop = log.scrollHeight;
  }

  /** On phones the keyboard takes part of the height; only the visual viewport knows. */
  #fit(): void {
    const { style } = this.#host.element;
    if (!visualViewport) return;
    style.setProperty('--visible-height', `${visualViewport.height}px`);
    style.setProperty('--visible-top', `${visualViewport.offsetTop}px`);
    if (this.#isAtEnd) this.#scrollToEnd();
  }

  #save(kind: 'text' | 'html'): void {
    const { texts, locale } = this.#words;
    const rows = rowsOf(this.conversation.timeline, this.#config.beforeShow);
    const words = { title: texts.title, you: texts.you, locale };
    const content = kind === 'text' ? transcriptText(rows, words) : transcriptHtml(rows, words);
    const type = kind === 'text' ? 'text/plain' : 'text/html';
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
    link.download = `chat.${kind === 'text' ? 'txt' : 'html'}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
  }

  #first(selector: string): HTMLElement | null {
    return this.#host.element.querySelector<HTMLElement>(selector);
  }

  #listen(name: string, target: EventTarget | null, run: () => void): void {
    target?.addEventListener(name, run);
    this.#ends.push(() => target?.removeEventListener(name, run));
  }
}
