/** What a bubble holds, from top to bottom. Pure. */
import type { Message } from '#client/sdk/index';

/**
 * One part of a bubble. `plain` says it in plain text: it is drawn until the chunk that draws this
 * kind is there, read out, and saved with the transcript.
 */
export type BubblePart =
  | { readonly kind: 'text'; readonly plain: string }
  | { readonly kind: 'markdown'; readonly plain: string }
  /** `plain` is its name. */
  | { readonly kind: 'file'; readonly plain: string }
  /** What the message offers besides its text, which says the same. */
  | { readonly kind: 'content'; readonly plain: ''; readonly message: Message };

export function partsOf(message: Pick<Message, 'body' | 'media' | 'content'>): BubblePart[] {
  const { body, content, media = [] } = message;
  return [
    ...(body ? [{ kind: kindOf(body), plain: body } as const] : []),
    ...media.map(({ filename }) => ({ kind: 'file', plain: filename }) as const),
    ...(content ? [{ kind: 'content', plain: '', message: message as Message } as const] : []),
  ];
}

/** What Markdown could be made of: its marks, addresses, and lines that begin as those of lists do. */
const MARKED = /[*_`@]|\]\(|:\/\/|^\s{0,3}(?:[-•]|\d{1,3}[.)])\s/m;

const kindOf = (body: string) => (MARKED.test(body) ? 'markdown' : 'text');
