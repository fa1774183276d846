import * as v from 'valibot';
import { ChatError } from '#core/errors';
import type { TwilioRequest, TwilioRest } from './rest-client.ts';

/** Every list of Twilio says where it goes on; null after the last page. */
export const metaSchema = v.object({ next_page_url: v.nullish(v.string()) });

interface Page {
  readonly meta: v.InferOutput<typeof metaSchema>;
}

/** Reads a list page by page, as far as the caller goes on. */
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

/** The address of the next page came with an answer: our credentials go to the same host only. */
function nextRequest<Answer>(
  { form: _, ...request }: TwilioRequest<Answer>,
  nextPageUrl: string | null | undefined,
): TwilioRequest<Answer> | undefined {
  if (nextPageUrl === null || nextPageUrl === undefined) return undefined;
  const url = URL.parse(nextPageUrl);
  if (url?.protocol !== 'https:' || url.host !== request.host) {
    throw new ChatError('UPSTREAM_UNAVAILABLE', `${request.path.pattern}: next page elsewhere`);
  }
  return { ...request, path: { ...request.path, text: url.pathname + url.search } };
}
