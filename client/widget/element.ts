/**
 * The custom element `<flex-chat>`: a launcher at once, the chat itself when it is opened or when
 * the visitor has a chat to go on with.
 */
import type { Message } from '#client/sdk/index';
import type { Profile } from '#protocol/frames';
import type { FlexChatConfig } from './config.ts';
import css from './launcher.css';
import { createLauncher } from './launcher.ts';
import type { Rating } from './panel/conversation.ts';
import type { Panel, PanelHost } from './panel/panel.ts';
import { directionOf, languageOf, pickLocale } from './texts/languages.ts';
import { launcherTexts } from './texts/launcher-texts.ts';

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

interface PanelModule {
  readonly Panel: typeof Panel;
}

/** Where the rest of the widget comes from; the script tag and the module load it in ways of their own. */
export type LoadPanel = () => Promise<PanelModule>;

/** On a server, where pages are only written, there are no elements. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

export class FlexChatElement extends Base {
  /** How the chat is loaded; `defineFlexChat` sets it. */
  static loadPanel: LoadPanel;

  readonly #root = this.attachShadow({ mode: 'open' });
  readonly #launcher = createLauncher();
  readonly #panelPlace = document.createElement('section');
  readonly #note = document.createElement('p');
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  #config: FlexChatConfig | undefined;
  #panel: Promise<Panel> | undefined;
  #isOpen = false;
  #unread = 0;
  /** The problem that was told last. */
  #told = '';

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    this.#root.adoptedStyleSheets = [sheet];
    this.#panelPlace.className = 'panel';
    this.#panelPlace.id = 'panel';
    this.#panelPlace.hidden = true;
    this.#panelPlace.setAttribute('role', 'dialog');
    this.#panelPlace.setAttribute('part', 'panel');
    this.#note.className = 'note';
    this.#note.setAttribute('role', 'status');
    this.#root.append(this.#panelPlace, this.#note, this.#launcher.button);
    this.#launcher.button.addEventListener('click', () => void this.toggle());
    this.#panelPlace.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.isComposing) this.close();
    });
  }

  get config(): FlexChatConfig | undefined {
    return this.#config;
  }

  /** Set it once. What can't work is told on the console when the chat is to be opened, and by the launcher. */
  set config(config: FlexChatConfig) {
    this.#config = config;
    this.#launcher.button.hidden = config.launcher === false;
    this.#label();
    if (hasSession(config)) whenIdle(() => void this.#load());
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

  /** Shows the chat and puts the focus where the customer goes on. */
  async open(): Promise<void> {
    const panel = await this.#load();
    if (!panel || this.#isOpen) return;
    this.#isOpen = true;
    this.#panelPlace.hidden = false;
    this.#label();
    panel.look();
    panel.focus();
    this.#tell('open', undefined);
  }

  /** Hides the chat; it goes on. The focus returns to the launcher. */
  close(): void {
    if (!this.#isOpen) return;
    const hadFocus = this.#root.activeElement !== null;
    this.#isOpen = false;
    this.#panelPlace.hidden = true;
    this.#label();
    void this.#panel?.then((panel) => panel.look());
    if (hadFocus) this.#launcher.button.focus();
    this.#tell('close', undefined);
  }

  toggle(): Promise<void> | void {
    return this.#isOpen ? this.close() : this.open();
  }

  /**
   * Sends a message as the customer.
   * @returns its client message id; undefined when it was refused or dropped by `beforeSend`.
   */
  async sendMessage(
    body: string,
    attributes?: Readonly<Record<string, unknown>>,
  ): Promise<string | undefined> {
    return (await this.#load())?.conversation.send(body, attributes);
  }

  /** Who the customer is; counts for chats that open from now on. */
  async setProfile(profile: Profile): Promise<void> {
    (await this.#load())?.conversation.setProfile(profile);
  }

  /** Makes room for the next chat after one has ended. */
  async startChat(): Promise<void> {
    await (await this.#load())?.conversation.startChat();
  }

  async endChat(): Promise<void> {
    await (await this.#load())?.conversation.endChat();
  }

  /** @returns a function that ends the subscription. */
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
      this.#note.textContent = '';
      return panel;
    } catch (error) {
      this.#panel = undefined;
      this.#note.textContent = this.#texts.cannotConnect;
      const { message } = error as Error;
      if (message !== this.#told) console.error(message);
      this.#told = message;
      return undefined;
    }
  }

  async #create(): Promise<Panel> {
    const { Panel } = await FlexChatElement.loadPanel();
    const host: PanelHost = {
      element: this.#panelPlace,
      root: this.#root,
      config: this.#config,
      locale: this.#locale,
      language: languageOf(this.#locale),
      direction: directionOf(this.#locale),
      close: () => this.close(),
      unread: (count, label) => this.#showUnread(count, label),
      said: (message) => this.#tell('message', message),
      rated: (rating) => this.#tell('rated', rating),
    };
    return Panel.open(host);
  }

  get #locale(): string {
    const page = document.documentElement.lang;
    return pickLocale([this.#config?.locale ?? page, ...navigator.languages].filter(Boolean));
  }

  get #texts() {
    return { ...launcherTexts(this.#locale), ...this.#config?.texts };
  }

  readonly #paint = (): void => {
    const theme = this.#config?.theme ?? 'auto';
    const isDark = theme === 'auto' ? this.#dark.matches : theme === 'dark';
    this.toggleAttribute('data-dark', isDark);
  };

  /** @param unread such as "2 unread messages". */
  #label(unread?: string): void {
    const { button } = this.#launcher;
    this.dir = directionOf(this.#locale);
    button.setAttribute('aria-label', [this.#texts.launcher, unread].filter(Boolean).join(', '));
    button.setAttribute('aria-expanded', `${this.#isOpen}`);
    button.setAttribute('aria-controls', 'panel');
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

/** Defines `<flex-chat>`, unless the page has it already: the script may be there twice. */
export function defineFlexChat(loadPanel: LoadPanel): void {
  if (!globalThis.customElements || customElements.get('flex-chat')) return;
  FlexChatElement.loadPanel = loadPanel;
  customElements.define('flex-chat', FlexChatElement);
}

/** The visitor has been here and may have unread messages. */
function hasSession({ url, scope }: FlexChatConfig): boolean {
  try {
    const storage = scope === 'tab' ? sessionStorage : localStorage;
    return storage.getItem(`flex-channel:1:${url}:session`) !== null;
  } catch {
    return false;
  }
}

function whenIdle(run: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(run);
  else setTimeout(run, 200);
}

function localeOf(element: HTMLElement): { locale?: string } {
  const locale = element.getAttribute('locale');
  return locale === null ? {} : { locale };
}
