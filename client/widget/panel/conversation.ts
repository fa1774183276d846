/**
 * One customer's conversation as the widget shows it: the client's state, and what only the
 * widget knows (answers, questions open, rating, what has been seen). Tells `onChange`; draws nothing.
 */
import {
  type ChatClient,
  ChatClientError,
  type ChatClientOptions,
  type ChatClientState,
  type Choice,
  createChatClient,
  type SaidMessage,
  type TimelineItem,
} from '#client/sdk/index';
import type { Profile } from '#protocol/frames';
import type { Draft, FlexChatConfig } from '../config.ts';
import type { ProblemText } from '../texts/texts.ts';
import type { PreChatForm } from './form/pre-chat-form.ts';
import { openStore, type SmallStore } from './store.ts';

/** How the customer rated a chat. */
export interface Rating {
  readonly chat: number;
  /** From 1 to 5. */
  readonly score: number;
  readonly comment?: string;
}

/** What the panel asks for or offers now. */
export type Phase = 'loading' | 'form' | 'chat' | 'confirm-end' | 'over' | 'closed';

export interface ConversationListener {
  changed(): void;
  /** Somebody else has just said something. */
  said(message: SaidMessage): void;
  rated(rating: Rating): void;
}

export class Conversation {
  readonly client: ChatClient;
  readonly #config: FlexChatConfig;
  readonly #form: PreChatForm | undefined;
  readonly #listener: ConversationListener;
  readonly #store: SmallStore;
  readonly #ends: (() => void)[] = [];
  #profile: Profile;
  #former: readonly TimelineItem[] = [];
  #isConfirmingEnd = false;
  #isSeen = false;
  #ratedChat: number | undefined;
  #problem: ProblemText | undefined;

  constructor(
    config: FlexChatConfig,
    form: PreChatForm | undefined,
    listener: ConversationListener,
  ) {
    this.#config = config;
    this.#form = form;
    this.#listener = listener;
    this.#profile = { language: navigator.language, pageUrl: pageUrl(), ...config.profile };
    this.#store = openStore(config.url, config.scope ?? 'browser');
    this.client = createChatClient(clientOptions(config, this.#profile));
    this.#ends.push(
      this.client.on('change', () => this.#changed()),
      this.client.on('message', (message) => this.#said(message)),
      this.client.on('replaced', ({ timeline }) => this.#keepFormer(timeline)),
      this.client.on('problem', (problem) => console.warn(problem)),
      this.#store.onChange(() => this.#listener.changed()),
    );
    this.client.connect();
  }

  close(): void {
    for (const end of this.#ends) end();
    this.client.disconnect();
  }

  get state(): ChatClientState {
    return this.client.state;
  }

  /** What was said in sessions that could not be resumed, then the current one's. */
  get timeline(): readonly TimelineItem[] {
    const { timeline } = this.state;
    return this.#former.length === 0 ? timeline : [...this.#former, ...timeline];
  }

  /** Another session has taken the place of one that is still shown, and nothing was said in it yet. */
  get isReplaced(): boolean {
    return this.#former.length > 0 && this.state.timeline.length === 0;
  }

  get phase(): Phase {
    const { chat, connection, timeline } = this.state;
    if (connection.name === 'ended') return 'closed';
    if (chat?.state === 'ended') return 'over';
    const hasWritten = chat?.state === 'open' || timeline.some(({ kind }) => kind === 'pending');
    if (!hasWritten && this.#form?.isOpen(this.#profile)) return chat ? 'form' : 'loading';
    return this.#isConfirmingEnd && chat?.state === 'open' ? 'confirm-end' : 'chat';
  }

  get profile(): Profile {
    return this.#profile;
  }

  get problem(): ProblemText | undefined {
    return this.#problem;
  }

  /** The current chat has been rated. */
  get isRated(): boolean {
    return this.#ratedChat === this.state.chat?.number;
  }

  get draft(): string {
    return this.#store.get('draft') ?? '';
  }

  set draft(text: string) {
    if (text === this.draft) return;
    this.#store.set('draft', text);
    if (text !== '') this.client.typing();
  }

  get isMuted(): boolean {
    return this.#store.get('muted') === '1';
  }

  set isMuted(isMuted: boolean) {
    this.#store.set('muted', isMuted ? '1' : '');
    this.#listener.changed();
  }

  /** @param isSeen whether a person can see the end of the transcript. */
  look(isSeen: boolean): void {
    this.#isSeen = isSeen;
    this.#markSeen();
  }

  /** What is told takes the place of what was known of it. */
  setProfile(profile: Profile): void {
    const fields = { ...this.#profile.fields, ...profile.fields };
    this.#profile = { ...this.#profile, ...profile, fields };
    this.client.setProfile(this.#profile);
  }

  /** @returns the client message id; undefined when it was refused, which `problem` tells, or dropped by the page. */
  send(body: string, attributes?: Draft['attributes'], choice?: Choice): string | undefined {
    const draft = { body, ...(attributes && { attributes }), ...(choice && { choice }) };
    const { beforeSend } = this.#config;
    const changed = beforeSend ? beforeSend(draft) : draft;
    if (changed === undefined) return undefined;
    // Whatever a choice says, it is one.
    const sent = { ...changed, ...(choice && { choice }) };
    const problem = this.client.problemWith(sent.body, sent);
    this.#say(problem && problemText(problem));
    return problem === undefined ? this.client.send(sent.body, sent) : undefined;
  }

  /** Removes what is shown and stored of the customer, in all tabs. */
  forget(): void {
    this.draft = '';
    this.client.forget();
  }

  askToEnd(): void {
    this.#isConfirmingEnd = true;
    this.#listener.changed();
  }

  keepChat(): void {
    this.#isConfirmingEnd = false;
    this.#listener.changed();
  }

  endChat(): Promise<void> {
    this.#isConfirmingEnd = false;
    return this.#attempt(() => this.client.endChat());
  }

  startChat(): Promise<void> {
    this.#form?.reopen();
    return this.#attempt(() => this.client.startChat());
  }

  rate(score: number, comment: string): void {
    const chat = this.state.chat?.number;
    if (chat === undefined) return;
    this.#ratedChat = chat;
    this.#listener.rated({ chat, score, ...(comment.trim() && { comment: comment.trim() }) });
    this.#listener.changed();
  }

  /** The conversation goes further back than is shown. */
  loadEarlier(): Promise<void> {
    return this.#attempt(() => this.client.loadEarlier());
  }

  /** Back to the first message, as far as the server answers. */
  loadAll(): Promise<void> {
    return this.#attempt(async () => {
      while (this.state.hasEarlier) await this.client.loadEarlier();
    });
  }

  async #attempt(call: () => Promise<void>): Promise<void> {
    try {
      this.#say(undefined);
      await call();
    } catch (error) {
      if (!(error instanceof ChatClientError)) throw error;
      this.#say(problemText(error.code));
    }
  }

  #say(problem: ProblemText | undefined): void {
    this.#problem = problem;
    this.#listener.changed();
  }

  #changed(): void {
    this.#markSeen();
    this.#listener.changed();
  }

  #said(message: SaidMessage): void {
    if (message.direction === 'incoming') this.#listener.said(message);
  }

  #keepFormer(timeline: readonly TimelineItem[]): void {
    // What was on its way is in the new session's own timeline.
    const kept = timeline.filter(({ kind }) => kind !== 'pending');
    this.#former = [...this.#former, ...kept].map((item, place) => ({
      ...item,
      key: `former:${place}`,
    }));
    this.#listener.changed();
  }

  #markSeen(): void {
    const { chat, timeline, unread } = this.state;
    if (!this.#isSeen || unread === 0) return;
    const last = timeline.filter((item) => item.kind === 'message').pop();
    if (last?.kind === 'message' && last.message.chat === chat?.number) {
      this.client.markRead(last.message.index);
    }
  }
}

const pageUrl = (): string => `${location.origin}${location.pathname}`;

function clientOptions(config: FlexChatConfig, profile: Profile): ChatClientOptions {
  const { url, scope, maxBodyBytes } = config;
  return { url, profile, ...(scope && { scope }), ...(maxBodyBytes && { maxBodyBytes }) };
}

const PROBLEMS: readonly string[] = [
  'empty',
  'too_large',
  'chat_ended',
  'rate_limited',
  'outbox_full',
];

const problemText = (code: ChatClientError['code']): ProblemText =>
  PROBLEMS.includes(code) ? (code as ProblemText) : 'other';
