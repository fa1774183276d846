/** Everything that the widget says by itself. `{…}` are places that are filled in. */

import type { FileTexts } from '../panel/files/file-texts.ts';

/** Forms of one text by number, as `Intl.PluralRules` names them. */
export type Plural = { readonly [form in Intl.LDMLPluralRule]?: string } & {
  readonly other: string;
};

/** The opened chat's words, as the page may replace them one by one. A string with a count is an object of plural forms. */
export interface Texts {
  readonly title: string;
  readonly close: string;
  readonly unread: Plural;

  readonly connecting: string;
  readonly online: string;
  readonly waiting: string;
  readonly talkingTo: string;
  readonly typing: string;
  readonly lost: string;
  readonly lostUnsaved: string;
  readonly endsAt: string;
  readonly chatEnded: string;
  readonly closed: string;

  readonly log: string;
  readonly empty: string;
  readonly you: string;
  readonly says: string;
  readonly bot: string;
  readonly joined: string;
  readonly left: string;
  readonly endedByYou: string;
  readonly ended: string;
  readonly gap: string;
  readonly earlier: string;
  readonly newMessages: Plural;
  readonly file: string;
  readonly truncated: string;
  readonly edited: string;
  readonly today: string;

  readonly queued: string;
  readonly sending: string;
  readonly sent: string;
  readonly delivered: string;
  readonly read: string;
  readonly failed: string;
  readonly retry: string;
  readonly discard: string;

  readonly message: string;
  readonly placeholder: string;
  readonly send: string;
  readonly problem: Readonly<Record<ProblemText, string>>;

  readonly start: string;
  readonly required: string;
  readonly invalid: string;
  readonly optional: string;

  readonly end: string;
  readonly endTitle: string;
  readonly endExplained: string;
  readonly keep: string;
  readonly again: string;
  readonly replaced: string;
  readonly saveText: string;
  readonly saveHtml: string;

  readonly rate: string;
  readonly stars: Plural;
  readonly comment: string;
  readonly sendRating: string;
  readonly thanks: string;

  readonly mute: string;
  readonly unmute: string;
  readonly notify: string;
  readonly quickExit: string;

  /** Of the page's own; the others come with the code for files. */
  readonly files?: Partial<FileTexts>;
}

export type ProblemText =
  | 'empty'
  | 'too_large'
  | 'chat_ended'
  | 'rate_limited'
  | 'outbox_full'
  | 'other';

/** Puts values in the places of a text: `fill('{name} left', { name: 'Ana' })`. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => `${values[name] ?? place}`);
}

/** The form of a text that fits the number, with the number in it. */
export function countText(forms: Plural, n: number, locale: string): string {
  const form = new Intl.PluralRules(locale).select(n);
  return fill(forms[form] ?? forms.other, { n: new Intl.NumberFormat(locale).format(n) });
}

/** The texts of a language with the page's own in their places. */
export function withOwnTexts(texts: Texts, own: Partial<Texts> = {}): Texts {
  const problem = { ...texts.problem, ...own.problem };
  return { ...texts, ...own, problem };
}
