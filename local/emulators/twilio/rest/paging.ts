import { createHmac } from 'node:crypto';
import type { Call } from './call.ts';
import { badRequest } from './twilio-error.ts';

/**
 * One page of a list as Twilio envelopes it. A page token names the item before the page, so
 * that a list which grows or shrinks between two requests shifts nothing. It is good for the list
 * and the options that it was given for; whether Twilio takes it for others is not documented.
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
  const size = sizeOf(call);
  const page = call.parameters.integer('Page') ?? 0;
  const start = startOf(call, items, idOf);
  const end = start + size;
  const urlAt = (index: number, number: number) =>
    pageUrl(call, size, number, tokenBefore(call, items[index - 1], idOf));
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

const sizeOf = ({ parameters, maxPageSize }: Call): number =>
  parameters.integer('PageSize') ?? Math.min(50, maxPageSize);

function startOf<T>(call: Call, items: readonly T[], idOf: (item: T) => string): number {
  const token = call.parameters.text('PageToken');
  if (token === undefined) return 0;
  const id = Buffer.from(token.slice(2, -SEAL_CHARACTERS), 'base64url').toString();
  const before = items.findIndex((item) => idOf(item) === id);
  if (before < 0 || token !== tokenOf(call, id)) throw badRequest('Invalid parameter PageToken');
  return before + 1;
}

function tokenBefore<T>(
  call: Call,
  before: T | undefined,
  idOf: (item: T) => string,
): string | undefined {
  return before && tokenOf(call, idOf(before));
}

const SEAL_CHARACTERS = 16;

/** Tokens outlive a restart, as Twilio's do; nobody is kept from reading this file. */
const SEAL_KEY = 'page tokens of the simulator';

/** Opaque to its users, who can't make one up. */
function tokenOf(call: Call, id: string): string {
  const list = new URL(call.url);
  for (const place of ['Page', 'PageToken']) list.searchParams.delete(place);
  list.searchParams.set('PageSize', String(sizeOf(call)));
  list.searchParams.sort();
  const options = `${list.pathname}?${list.searchParams} ${id}`;
  const seal = createHmac('sha256', SEAL_KEY).update(options).digest('hex');
  return `PA${Buffer.from(id).toString('base64url')}${seal.slice(0, SEAL_CHARACTERS)}`;
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
