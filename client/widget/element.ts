/** The custom element `<flex-chat>`: a launcher at once, the chat when it is opened or goes on. */
import type { Profile } from '#protocol/frames';
import type { FlexChatConfig } from './config.ts';
import type { FlexChatEvents } from './events.ts';
import { hasSession, isDark, localeFor, localeOf, whenIdle } from './first-look.ts';
import { isHopeless } from './hopeless.ts';
import { createLauncher, set } from './launcher.ts';
import type { LoadPanel } from './load-panel.ts';
import type { Panel } from './panel/panel.ts';
import { directionOf, LANGUAGES, languageOf } from './texts/languages.ts';
import { launcherTexts } from './texts/launcher-texts.ts';

/** On a server, where pages are only written, there are no elements. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/** The element `flex-chat`. Give it a `config`, put it into the page, and call it when there is a reason to. */
export class FlexChatElement extends Base {
  /** How the chat is loaded; `defineFlexChat` sets it. */
  static loadPanel: LoadPanel;

  readonly #root = this.attachShadow({ mode: 'open' });
  readonly #launcher = createLauncher(this.#root);
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  #config: FlexChatConfig | undefined;
  #panel: Promise<Panel> | undefined;
  #isOpen = false;
  #unread = 0;
  /** The problem that was told last. */
  #told = '';

  constructor() {
    super();
    const { button, panel } = this.#launcher;
    button.addEventListener('click', () => void this.toggle());
    panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.isComposing) this.close();
    });
  }

  get config(): FlexChatConfig | undefined {
    return this.#config;
  }

  /** Set it once. What can't work is told on the console, by field and cure, and by the launcher. */
  set config(config: FlexChatConfig) {
    this.#config = config;
    this.#launcher.button.hidden = config.launcher === false;
    this.#label();
    if (hasSession(config) || isHopeless(config)) whenIdle(() => void this.#load());
  }

  connectedCallback(): void {
    const url = this.getAttribute('url');
    if (!this.#config && url !== null) this.config = { url, ...localeOf(this) };
    this.#paint();
    this.#dark.addEventListener('change', this.#paint);
  }

  disconnectedCallback(): void {
    this.#dark.removeEventListener('change', this.#paint);
    const panel = this.#panel;
    this.#panel = undefined;
    this.#isOpen = false;
    void panel?.then((opened) => opened.dispose());
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Messages that nobody has seen yet. */
  get unread(): number {
    return this.#unread;
  }

  /**
   * Shows the chat and puts the focus where the customer goes on.
   * @example await document.querySelector('flex-chat').open()
   */
  async open(): Promise<void> {
    const panel = await this.#load();
    if (!panel || this.#isOpen) return;
    this.#isOpen = true;
    this.#launcher.panel.hidden = false;
    this.#label();
    panel.look();
    panel.focus();
    this.#tell('open', undefined);
  }

  /**
   * Hides the chat; it goes on. The focus returns to the launcher.
   * @example chat.close()
   */
  close(): void {
    if (!this.#isOpen) return;
    const hadFocus = this.#root.activeElement !== null;
    this.#isOpen = false;
    this.#launcher.panel.hidden = true;
    this.#label();
    void this.#panel?.then((panel) => panel.look());
    if (hadFocus) this.#launcher.button.focus();
    this.#tell('close', undefined);
  }

  /**
   * Shows the chat if it is hidden, and hides it if it is shown.
   * @example helpLink.onclick = () => chat.toggle()
   */
  toggle(): Promise<void> | void {
    return this.#isOpen ? this.close() : this.open();
  }

  /**
   * Sends a message as the customer.
   * @returns its client message id; undefined when it was refused or dropped by `beforeSend`.
   * @example await chat.sendMessage('I need help with order 4711', { order: '4711' })
   */
  async sendMessage(
    body: string,
    attributes?: Readonly<Record<string, unknown>>,
  ): Promise<string | undefined> {
    return (await this.#load())?.conversation.send(body, attributes);
  }

  /**
   * Who the customer is; counts for chats that open from now on. Loads nothing by itself.
   * @example chat.setProfile({ name: 'Ada', email: 'ada@example.com' })
   */
  setProfile(profile: Profile): void {
    const { profile: known, ...config } = { url: '', ...this.#config };
    const fields = { ...known?.fields, ...profile.fields };
    const told = { ...known, ...profile, fields };
    this.#config = { ...config, profile: told };
    void this.#panel?.then((panel) => panel.conversation.setProfile(told));
  }

  /**
   * What the page knows of the visit: the fields go with the next chat that opens, to agents and
   * routing, beside those already told. `undefined` takes one back.
   * @example chat.setContext({ basket: '4711', plan: 'gold' })
   */
  setContext(fields: Readonly<Record<string, string | undefined>>): void {
    this.setProfile({ fields: fields as Record<string, string> });
  }

  /**
   * Makes room for the next chat after one has ended.
   * @example await chat.startChat()
   */
  async startChat(): Promise<void> {
    await (await this.#load())?.conversation.startChat();
  }

  /**
   * Asks Flex to end the chat.
   * @example await chat.endChat()
   */
  async endChat(): Promise<void> {
    await (await this.#load())?.conversation.endChat();
  }

  /**
   * @returns a function that ends the subscription.
   * @example const stop = chat.on('unread', (count) => setAppBadge(count))
   */
  on<Name extends keyof FlexChatEvents>(
    name: Name,
    run: (detail: FlexChatEvents[Name]) => void,
  ): () => void {
    const listener = (event: Event) => run((event as CustomEvent).detail);
    this.addEventListener(`flex-chat:${name}`, listener);
    return () => this.removeEventListener(`flex-chat:${name}`, listener);
  }

  /** The chat itself, loaded once. @returns undefined when it can't be had; the launcher says so. */
  async #load(): Promise<Panel | undefined> {
    try {
      this.#panel ??= this.#create();
      const panel = await this.#panel;
      this.#launcher.note.textContent = '';
      return panel;
    } catch (error) {
      this.#panel = undefined;
      this.#launcher.note.textContent = this.#texts.cannotConnect;
      const { message } = error as Error;
      if (message !== this.#told) console.error(message);
      this.#told = message;
      return undefined;
    }
  }

  async #create(): Promise<Panel> {
    const { Panel } = await FlexChatElement.loadPanel();
    return Panel.open({
      element: this.#launcher.panel,
      root: this.#root,
      config: this.#config,
      locale: this.#locale,
      language: languageOf(this.#locale),
      languages: LANGUAGES,
      direction: directionOf(this.#locale),
      open: () => void this.open(),
      close: () => this.close(),
      unread: (count, label) => this.#showUnread(count, label),
      said: (message) => this.#tell('message', message),
      rated: (rating) => this.#tell('rated', rating),
    });
  }

  get #locale(): string {
    return localeFor(this.#config);
  }

  get #texts() {
    return { ...launcherTexts(this.#locale), ...this.#config?.texts };
  }

  readonly #paint = (): void => {
    this.toggleAttribute('data-dark', isDark(this.#config?.theme, this.#dark.matches));
  };

  /** @param unread such as "2 unread messages". */
  #label(unread?: string): void {
    const { button } = this.#launcher;
    this.dir = directionOf(this.#locale);
    set(button, {
      'aria-label': [this.#texts.launcher, unread].filter(Boolean).join(', '),
      'aria-expanded': `${this.#isOpen}`,
      'aria-controls': 'panel',
    });
    this.#paint();
  }

  #showUnread(count: number, label: string): void {
    const { badge } = this.#launcher;
    badge.hidden = count === 0 || this.#isOpen;
    badge.textContent = count > 99 ? '99+' : `${count}`;
    this.#label(count > 0 ? label : undefined);
    if (count !== this.#unread) {
      this.#unread = count;
      this.#tell('unread', count);
    }
  }

  #tell<Name extends keyof FlexChatEvents>(name: Name, detail: FlexChatEvents[Name]): void {
    this.dispatchEvent(new CustomEvent(`flex-chat:${name}`, { detail, bubbles: true }));
  }
}
