import type { Call } from './call.ts';
import { badRequest } from './twilio-error.ts';

/**
 * One page of a list as Twilio envelopes it. A page token names the item before the page, so
 * that a list which grows or shrinks between two requests shifts nothing.
 *
 * @param key property that holds the items.
 * @param idOf names an item within its list.
 */
export function pageOf<T>(
  call: Call,
  key: string,
  items: readonly T[],
  idOf: (item: T) => string,
  render: (item: T) => unknown,
): Record<string, unknown> {
  const size = call.parameters.integer('PageSize') ?? Math.min(50, call.maxPageSize);
  const page = call.parameters.integer('Page') ?? 0;
  const start = startOf(call.parameters.text('PageToken'), items, idOf);
  const end = start + size;
  const urlAt = (index: number, number: number) =>
    pageUrl(call, size, number, tokenBefore(items, index, idOf));
  return {
    [key]: items.slice(start, end).map(render),
    meta: {
      page,
      page_size: size,
      first_page_url: pageUrl(call, size, 0),
      previous_page_url: start > 0 ? urlAt(Math.max(0, start - size), page - 1) : null,
      url: page === 0 ? pageUrl(call, size, 0) : urlAt(start, page),
      next_page_url: end < items.length ? urlAt(end, page + 1) : null,
      key,
    },
  };
}

function startOf<T>(
  token: string | undefined,
  items: readonly T[],
  idOf: (item: T) => string,
): number {
  if (token === undefined) return 0;
  const id = token.startsWith('PA') ? Buffer.from(token.slice(2), 'base64url').toString() : '';
  const before = items.findIndex((item) => idOf(item) === id);
  if (before < 0) throw badRequest('Invalid parameter PageToken');
  return before + 1;
}

function tokenBefore<T>(
  items: readonly T[],
  index: number,
  idOf: (item: T) => string,
): string | undefined {
  const before = items[index - 1];
  return before && `PA${Buffer.from(idOf(before)).toString('base64url')}`;
}

/** On Twilio's own host, whatever address the simulator listens on. */
function pageUrl(call: Call, size: number, page: number, token?: string): string {
  const url = new URL(call.url);
  url.searchParams.set('PageSize', String(size));
  url.searchParams.set('Page', String(page));
  url.searchParams.delete('PageToken');
  if (token !== undefined) url.searchParams.set('PageToken', token);
  return url.href;
}
