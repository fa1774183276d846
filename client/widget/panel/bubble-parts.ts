/** What a bubble holds, from top to bottom. Pure. */
import type { Media, Message, OutboxEntry } from '#client/sdk/index';

/**
 * One part of a bubble. `plain` says it in plain text: it is drawn until the chunk that draws this
 * kind is there, read out, and saved with the transcript.
 */
export type BubblePart =
  | { readonly kind: 'text'; readonly plain: string }
  | { readonly kind: 'markdown'; readonly plain: string }
  /** `plain` is its name. */
  | ({ readonly kind: 'file'; readonly plain: string; readonly media: Media } & FilePlace)
  /** A file on its way, by its name. */
  | { readonly kind: 'upload'; readonly plain: string; readonly entry: OutboxEntry }
  /** What the message offers besides its text, which says the same. */
  | { readonly kind: 'content'; readonly plain: ''; readonly message: Message };

/** In which message a file stands. */
export interface FilePlace {
  readonly at: Pick<Message, 'chat' | 'index'>;
}

export function partsOf(message: Message): BubblePart[] {
  const { body, content, media = [] } = message;
  const files = media.map(
    (one) => ({ kind: 'file', plain: one.filename, media: one, at: message }) as const,
  );
  const offered = content ? [{ kind: 'content', plain: '', message } as const] : [];
  return [...textPart(body), ...files, ...offered];
}

export function pendingParts(entry: OutboxEntry): BubblePart[] {
  const { body, file } = entry;
  return file ? [{ kind: 'upload', plain: file.filename, entry }] : textPart(body);
}

const textPart = (body: string): BubblePart[] =>
  body === '' ? [] : [{ kind: kindOf(body), plain: body }];

/** What Markdown could be made of: its marks, addresses, and lines that begin as those of lists do. */
const MARKED = /[*_`@]|\]\(|:\/\/|^\s{0,3}(?:[-•]|\d{1,3}[.)])\s/m;

const kindOf = (body: string) => (MARKED.test(body) ? 'markdown' : 'text');
