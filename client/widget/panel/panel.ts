/** The opened chat: draws the conversation into its element, and keeps focus and speech right. */
import type { SaidMessage } from '#client/sdk/index';
import type { FlexChatConfig } from '../config.ts';
import { render } from '../jsx/render.ts';
import { loadTexts } from '../texts/locales.ts';
import { withOwnTexts } from '../texts/texts.ts';
import { createAnnouncer } from './announcer.ts';
import { Attention } from './attention.ts';

import composerCss from './composer.css';
import { Conversation, type Phase } from './conversation.ts';
import type { FilesPart } from './files/files-part.tsx';
import { fitViewport } from './fit-viewport.ts';
import { loadConfig } from './load-config.ts';
import { loadForm } from './load-form.ts';
import logCss from './log.css';
import { LogScroll } from './log-scroll.ts';
import { LogWindow, STEP } from './log-window.ts';
import panelCss from './panel.css';
import type { PanelHost } from './panel-host.ts';
import { type FormPart, type PanelActions, PanelView } from './panel-view.tsx';
import { Parts } from './parts.ts';
import { type BeforeShow, cautious, rowsOf } from './rows.ts';
import { Styles } from './styles.ts';
import { TitleCount } from './title-count.ts';
import { Words } from './words.ts';

/** What was loaded for a panel before it begins. */
interface PanelParts {
  readonly config: FlexChatConfig;
  readonly form: FormPart | undefined;
  readonly styles: Styles;
  readonly words: Words;
}

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
  readonly #form: FormPart | undefined;
  readonly #words: Words;
  readonly #styles: Styles;
  readonly #announcer;
  readonly #window = new LogWindow();
  readonly #scroll = new LogScroll(() => this.#first('.log'), this.#window);
  readonly #parts = new Parts((css) => {
    if (css) this.#styles.add(css);
    this.#draw();
  });
  readonly #attention: Attention;
  readonly #title = new TitleCount();
  readonly #beforeShow: BeforeShow;
  readonly #ends: (() => void)[] = [];
  #files: FilesPart | undefined;
  #drawing = false;
  #phase: Phase = 'loading';

  /** @throws ConfigError */
  static async open(host: PanelHost): Promise<Panel> {
    const config = await loadConfig(host.config, host.languages);
    const styles = new Styles(host.root);
    const [texts, form] = await Promise.all([
      loadTexts(host.language),
      loadForm(config, (css) => styles.add(css)),
    ]);
    const words = new Words(withOwnTexts(texts, config.texts), host.locale);
    return new Panel(host, { config, form, styles, words });
  }

  private constructor(host: PanelHost, { config, form, styles, words }: PanelParts) {
    this.#host = host;
    this.#config = config;
    this.#form = form;
    this.#words = words;
    this.#styles = styles;
    this.#beforeShow = cautious(config.beforeShow);
    this.#attention = new Attention(config, this.#parts);
    styles.add(panelCss + logCss + composerCss);
    host.element.lang = host.locale;
    host.element.dir = host.direction;
    host.element.setAttribute('aria-label', words.texts.title);
    this.#announcer = createAnnouncer(words.texts.log);
    host.root.append(this.#announcer.element);
    this.conversation = new Conversation(config, form?.form, {
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
    for (const end of this.#ends.splice(0)) end();
    this.#files?.tray.dispose();
    this.conversation.close();
    this.#title.show(0);
    this.#announcer.element.remove();
    this.#styles.remove();
    render(null, this.#host.element);
  }

  /** The panel has been shown or hidden. */
  look(): void {
    this.#fit();
    this.#looked();
  }

  focus(): void {
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
    // It has been disposed, and something has come late: another panel may be in its place.
    if (this.#ends.length === 0) return;
    const { conversation } = this;
    const { element } = this.#host;
    const hadFocus = this.#host.root.activeElement;
    const { timeline } = conversation;
    const props = {
      conversation,
      words: this.#words,
      rows: rowsOf(this.#window.of(timeline), this.#beforeShow),
      hasEarlier: this.#window.start > 0 || conversation.state.hasEarlier,
      below: this.#scroll.below,
      form: this.#form,
      parts: this.#parts,
      files: this.#filesPart(),
      canQuickExit: this.#config.quickExitUrl !== undefined,
      attention: this.#attention,
      actions: this.#actions,
    };
    if (!element.hidden) {
      render(PanelView(props), element);
      this.#scroll.follow();
      this.#keepFocus(hadFocus);
    }
    this.#phase = conversation.phase;
    const { texts } = this.#words;
    const { unread } = conversation.state;
    this.#title.show(unread);
    this.#host.unread(unread, this.#words.count(texts.unread, unread));
  }

  /** Nothing of it is loaded where the server has no files. */
  #filesPart(): FilesPart | undefined {
    const { conversation } = this;
    const chunk = conversation.state.files && this.#parts.get('files');
    if (!chunk) return undefined;
    const { element } = this.#host;
    const parts = { element, conversation, words: this.#words, draw: () => this.#draw() };
    this.#files ??= chunk.openFiles(parts);
    return this.#files;
  }

  /** When what had the focus is gone, or the phase has changed under it, what takes its place gets it. */
  #keepFocus(before: Element | null): void {
    if (before === null) return;
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
    showEarlier: () => void this.#showEarlier(),
    toEnd: () => {
      this.#first('.log')?.focus();
      this.#toEnd();
    },
    scrolled: () => this.#scrolled(),
    askToNotify: () => void this.#attention.ask().then(() => this.#draw()),
    answer: (answers) => {
      this.#form?.form.answer(answers);
      this.#draw();
    },
    checkForm: (element) => this.#checkForm(element),
    send: (text) => {
      this.#attention.gesture();
      this.#toEnd();
      this.#files?.tray.send();
      return text === '' || this.conversation.send(text) !== undefined;
    },
    allRows: async () => {
      await this.conversation.loadAll();
      return rowsOf(this.conversation.timeline, this.#beforeShow);
    },
  };

  async #showEarlier(): Promise<void> {
    if (this.#window.start < STEP) await this.conversation.loadEarlier();
    this.#move(-STEP);
  }

  #move(by: number): void {
    this.#window.move(this.conversation.timeline, by);
    this.#scroll.keep(() => this.#drawNow());
  }

  #checkForm(element: HTMLFormElement): void {
    const { conversation } = this;
    const { profile, wrong } = this.#form?.form.finish(conversation.profile) ?? {};
    if (profile) conversation.setProfile(profile);
    this.#drawNow();
    if (wrong) element.querySelector<HTMLElement>(`[name="${CSS.escape(wrong)}"]`)?.focus();
    else this.focus();
  }

  #said(said: SaidMessage): void {
    const shown = this.#beforeShow(said);
    if (!shown) return;
    const message = { ...said, ...shown };
    this.#announcer.say(this.#words.spoken(message));
    if (!this.#scroll.isAtEnd) this.#scroll.count();
    if (message.once && !this.#isLookedAt && !this.conversation.isMuted) {
      this.#attention.said(message, this.#host.open);
    }
    this.#host.said(message);
  }

  #toEnd(): void {
    this.#window.follow();
    this.#scroll.toEnd();
    this.#looked();
  }

  #scrolled(): void {
    if (this.#scroll.scrolled()) {
      if (this.#scroll.isAtEnd) this.#window.follow();
      else this.#window.move(this.conversation.timeline, 0);
      this.#looked();
    }
    if (this.#scroll.isAtBottom && !this.#window.reachesEnd) this.#move(STEP);
  }

  #looked(): void {
    this.conversation.look(this.#isLookedAt && this.#scroll.isAtEnd);
    this.#drawNow();
  }

  #fit(): void {
    fitViewport(this.#host.element);
    this.#scroll.follow();
  }

  #first(selector: string): HTMLElement | null {
    return this.#host.element.querySelector<HTMLElement>(selector);
  }

  #listen(name: string, target: EventTarget | null, run: () => void): void {
    target?.addEventListener(name, run);
    this.#ends.push(() => target?.removeEventListener(name, run));
  }
}
