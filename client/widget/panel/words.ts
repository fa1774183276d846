/** The texts of one language, filled in: what the status line says, what a row says. */
import type { ChatClientState, Message, Notice } from '#client/sdk/index';
import { countText, fill, type Plural, type Texts } from '../texts/texts.ts';
import type { Bubble } from './rows.ts';

export class Words {
  readonly texts: Texts;
  readonly locale: string;
  readonly #time: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;

  constructor(texts: Texts, locale: string) {
    this.texts = texts;
    this.locale = locale;
    this.#time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
    this.#day = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' });
  }

  count(forms: Plural, n: number): string {
    return countText(forms, n, this.locale);
  }

  time(atMs: number): string {
    return this.#time.format(atMs);
  }

  day(atMs: number): string {
    const isToday = new Date(atMs).toDateString() === new Date().toDateString();
    return isToday ? this.texts.today : this.#day.format(atMs);
  }

  status({
    agents,
    chat,
    connection,
    endsAt,
    persistent,
    timeline,
    typing,
  }: ChatClientState): string {
    const { texts } = this;
    if (connection.name === 'ended') return texts.closed;
    if (connection.name !== 'online') {
      const isFirst = connection.name === 'connecting' && connection.attempt === 0;
      if (connection.name === 'offline' || isFirst) return texts.connecting;
      return persistent ? texts.lost : texts.lostUnsaved;
    }
    if (chat?.state === 'ended') return texts.chatEnded;
    if (endsAt) return fill(texts.endsAt, { time: this.time(Date.parse(endsAt)) });
    if (typing) return fill(texts.typing, { name: isolated(typing) });
    if (agents.length > 0)
      return fill(texts.talkingTo, { names: this.#list(agents.map(isolated)) });
    if (chat?.state !== 'open') return texts.online;
    const isAnswered = timeline.some(
      (item) =>
        item.kind === 'message' &&
        item.message.chat === chat.number &&
        item.message.author.role === 'agent',
    );
    return isAnswered ? texts.online : texts.waiting;
  }

  notice({ by, event, name = '' }: Notice): string {
    const { texts } = this;
    if (event === 'gap') return texts.gap;
    if (event === 'ended') return by === 'customer' ? texts.endedByYou : texts.ended;
    return fill(texts[event], { name: isolated(name) });
  }

  author({ author, own, role }: Bubble): string {
    if (own) return this.texts.you;
    return role === 'bot' ? `${author} · ${this.texts.bot}` : author;
  }

  state({ code, state }: Bubble): string {
    if (state === 'none') return '';
    const { problem } = this.texts;
    const reason = code && code in problem ? problem[code as keyof typeof problem] : undefined;
    return reason ? `${this.texts[state]}: ${reason}` : this.texts[state];
  }

  spoken({ author, body, media = [] }: Message): string {
    const files = media.map(({ filename }) => fill(this.texts.file, { name: filename }));
    return fill(this.texts.says, { name: author.name, text: [body, ...files].join(' ') });
  }

  #list(names: readonly string[]): string {
    return new Intl.ListFormat(this.locale, { type: 'conjunction' }).format(names);
  }
}

/** A name in a sentence whose own direction may be another one: neither moves the other's parts. */
const isolated = (name: string): string => (/^[\w ]*$/.test(name) ? name : `\u2068${name}\u2069`);
