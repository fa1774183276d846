/**
 * The part of Markdown that people write in chats: emphasis, code, links, lists, line breaks.
 * Pure; gives a tree, never HTML. Whatever is not understood stays text. Takes time linear in
 * the length of the text.
 */

import { safeHref } from '../address.ts';

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'break' }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'em'; readonly children: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly text: string };

export type Block =
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | {
      readonly kind: 'list';
      readonly ordered: boolean;
      readonly items: readonly (readonly Inline[])[];
    };

const ITEM = /^\s{0,3}(?:[-*•]|(\d{1,3})[.)])\s+(.*)$/;
const FENCE = /^\s{0,3}```/;

export function parseMarkdown(text: string): readonly Block[] {
  const lines = text.split(/\r\n?|\n/);
  const blocks: Block[] = [];
  let place = 0;
  while (place < lines.length) {
    const read = readFence(lines, place) ?? readList(lines, place) ?? readParagraph(lines, place);
    if (read.block) blocks.push(read.block);
    place = read.next;
  }
  return blocks;
}

interface Read {
  readonly block?: Block;
  readonly next: number;
}

function readFence(lines: readonly string[], place: number): Read | undefined {
  if (!FENCE.test(lines[place] ?? '')) return undefined;
  const end = lines.findIndex((line, at) => at > place && FENCE.test(line));
  if (end === -1) return undefined;
  return { block: { kind: 'code', text: lines.slice(place + 1, end).join('\n') }, next: end + 1 };
}

function readList(lines: readonly string[], place: number): Read | undefined {
  const first = ITEM.exec(lines[place] ?? '');
  if (!first) return undefined;
  const ordered = first[1] !== undefined;
  const items: Inline[][] = [];
  let next = place;
  for (; next < lines.length; next++) {
    const item = ITEM.exec(lines[next] ?? '');
    if (!item || (item[1] !== undefined) !== ordered) break;
    items.push(parseInline(item[2] ?? ''));
  }
  return { block: { kind: 'list', ordered, items }, next };
}

function readParagraph(lines: readonly string[], place: number): Read {
  let next = place;
  while (
    next < lines.length &&
    lines[next]?.trim() !== '' &&
    !(next > place && ITEM.test(lines[next] ?? ''))
  ) {
    next++;
  }
  if (next === place) return { next: place + 1 };
  const children = lines
    .slice(place, next)
    .flatMap((line, at): Inline[] => [
      ...(at ? [{ kind: 'break' } as const] : []),
      ...parseInline(line),
    ]);
  return { block: { kind: 'paragraph', children }, next };
}

const MAX_DEPTH = 3;

const LABELLED_LINK = /\[([^\]\n]{1,500})\]\(([^)\s]{1,2000})\)/y;
const ADDRESS = /https?:\/\/[^\s<>"']{1,2000}|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/y;
/** Belongs to the sentence around an address. */
const TRAILING = /[.,:;!?)\]}*_]+$/;
const WORD = /[\p{L}\p{N}_]/u;

/** Marks that stand for themselves from here on: none of their kind follows that could close them. */
type Unclosed = Set<string>;

function parseInline(text: string, depth = 0): Inline[] {
  const found: Inline[] = [];
  const unclosed: Unclosed = new Set();
  let plain = 0;
  let place = 0;
  while (place < text.length) {
    const span = readSpan(text, place, depth, unclosed);
    if (!span) {
      place++;
      continue;
    }
    if (place > plain) found.push({ kind: 'text', text: text.slice(plain, place) });
    found.push(span.inline);
    place = plain = span.next;
  }
  if (text.length > plain) found.push({ kind: 'text', text: text.slice(plain) });
  return found;
}

interface Span {
  readonly inline: Inline;
  readonly next: number;
}

function readSpan(
  text: string,
  place: number,
  depth: number,
  unclosed: Unclosed,
): Span | undefined {
  const mark = text[place] ?? '';
  if (mark === '`') return readCode(text, place, unclosed);
  if (mark === '*' || mark === '_') return readEmphasis(text, place, depth, unclosed);
  if (mark === '[') return readLabelledLink(text, place);
  return WORD.test(mark) && !isWord(text[place - 1]) ? readAddress(text, place) : undefined;
}

function readCode(text: string, place: number, unclosed: Unclosed): Span | undefined {
  const end = closing(text, '`', place + 1, unclosed);
  return end === undefined
    ? undefined
    : { inline: { kind: 'code', text: text.slice(place + 1, end) }, next: end + 1 };
}

function readEmphasis(text: string, place: number, depth: number, unclosed: Unclosed) {
  const one = text[place] ?? '';
  const mark = text[place + 1] === one ? one + one : one;
  const start = place + mark.length;
  const opens = depth < MAX_DEPTH && !isWord(text[place - 1]) && /\S/.test(text[start] ?? '');
  const end = opens ? closing(text, mark, start, unclosed) : undefined;
  if (end === undefined || isWord(text[end + mark.length])) return undefined;
  const children = parseInline(text.slice(start, end), depth + 1);
  const kind = mark.length === 2 ? 'strong' : 'em';
  return { inline: { kind, children } as const, next: end + mark.length };
}

function closing(text: string, mark: string, from: number, unclosed: Unclosed): number | undefined {
  if (unclosed.has(mark)) return undefined;
  const end = text.indexOf(mark, from);
  if (end === -1) unclosed.add(mark);
  return end > from ? end : undefined;
}

function readLabelledLink(text: string, place: number): Span | undefined {
  const [all = '', label = '', address = ''] = matchAt(LABELLED_LINK, text, place) ?? [];
  const href = safeHref(address);
  return href === undefined
    ? undefined
    : { inline: { kind: 'link', href, text: label }, next: place + all.length };
}

function readAddress(text: string, place: number): Span | undefined {
  const address = matchAt(ADDRESS, text, place)?.[0]?.replace(TRAILING, '');
  if (!address) return undefined;
  const href = safeHref(address.includes('://') ? address : `mailto:${address}`);
  return href === undefined
    ? undefined
    : { inline: { kind: 'link', href, text: address }, next: place + address.length };
}

function matchAt(pattern: RegExp, text: string, place: number): RegExpExecArray | null {
  pattern.lastIndex = place;
  return pattern.exec(text);
}

const isWord = (character: string | undefined): boolean =>
  character !== undefined && WORD.test(character);
