import * as v from 'valibot';
import { ChatError } from '#core/errors';
import type { TwilioRequest, TwilioRest } from './rest-client.ts';

/** Every list of Twilio says where it goes on; null after the last page. */
export const metaSchema = v.object({ next_page_url: v.nullish(v.string()) });

interface Page {
  readonly meta: v.InferOutput<typeof metaSchema>;
}

/** Reads a list page by page, until the caller stops. */
export async function* pagesOf<Answer extends Page>(
  rest: TwilioRest,
  request: TwilioRequest<Answer>,
): AsyncGenerator<Answer> {
  for (let next: TwilioRequest<Answer> | undefined = request; next !== undefined; ) {
    const page: Answer = await rest(next);
    yield page;
    next = nextRequest(request, page.meta.next_page_url);
  }
}

/**
 * The token by which a list continues. It is used under the list's own path.
 * @returns undefined after the last page.
 */
export function pageTokenOf(
  list: ListAddress,
  { next_page_url: nextPageUrl }: Page['meta'],
): string | undefined {
  const url = nextUrl(list, nextPageUrl);
  if (url === undefined) return undefined;
  const token = url.searchParams.get('PageToken');
  if (token) return token;
  throw new ChatError('UPSTREAM_UNAVAILABLE', `${list.path.pattern}: next page without a token`);
}

function nextRequest<Answer>(
  { form: _, ...request }: TwilioRequest<Answer>,
  nextPageUrl: string | null | undefined,
): TwilioRequest<Answer> | undefined {
  const url = nextUrl(request, nextPageUrl);
  return url && { ...request, path: { ...request.path, text: url.pathname + url.search } };
}

type ListAddress = Pick<TwilioRequest<unknown>, 'host' | 'path'>;

/** Twilio's answer names the next page. Our credentials go there only if it is on the same host. */
function nextUrl(
  { host, path }: ListAddress,
  nextPageUrl: string | null | undefined,
): URL | undefined {
  if (nextPageUrl === null || nextPageUrl === undefined) return undefined;
  const url = URL.parse(nextPageUrl);
  if (url?.protocol === 'https:' && url.host === host) return url;
  throw new ChatError('UPSTREAM_UNAVAILABLE', `${path.pattern}: next page elsewhere`);
}
