/** Reading the messages of a channel, which both of Twilio's products list in the same way. */
import * as v from 'valibot';
import { hasCode } from '#core/errors';
import type { TranscriptPlace } from '#core/session';
import { metaSchema, pagesOf, pageTokenOf } from '../rest/pages.ts';
import type { TwilioRequest, TwilioRest } from '../rest/rest-client.ts';
import { isStart, TranscriptPlaces } from './transcript-places.ts';

/**
 * The largest page that Twilio gives. All pages have this size: whether a token fits pages of
 * another size is not documented.
 */
const PAGE_SIZE = 100;

/** Pages that one frame of a customer may cost: all from the end, or one, and two from the nearest known place. */
const MAX_PAGES = 3;

/** How far back a message is looked for: over the 1,000 that came after it. */
const MAX_FIND_PAGES = 10;

interface Indexed {
  readonly index: number;
}

interface Dated {
  readonly date_created?: number | undefined;
}

/** A part of a channel's messages, ascending. */
export interface MessageRange<Message> {
  readonly messages: Message[];
  /** False: there are more after the last one. */
  readonly complete: boolean;
  /** What is known of the transcript's pages, if this look has learnt something. */
  readonly places?: readonly TranscriptPlace[];
  /** All messages after `from`, up to the index that was asked for. */
  readonly kept?: { readonly from: number; readonly messages: readonly Message[] };
}

type MessageList<Message> = {
  readonly messages: Message[];
  readonly meta: v.InferOutput<typeof metaSchema>;
};

/** A list of messages, as either product gives it. */
export type ListRequest<Message> = Omit<TwilioRequest<MessageList<Message>>, 'form'>;

/** Leaves out a message that can't be read; the others are still read. */
export function messageListSchema<Message>(message: v.GenericSchema<unknown, Message>) {
  const readable = v.transform((messages: unknown[]) =>
    messages.flatMap((one) => {
      const parsed = v.safeParse(message, one);
      return parsed.success ? [parsed.output] : [];
    }),
  );
  return v.object({ messages: v.pipe(v.array(v.unknown()), readable), meta: metaSchema });
}

function isBefore({ date_created }: Dated, sinceMs: number): boolean {
  return date_created !== undefined && date_created < sinceMs;
}

/** Looks for a message from the newest back: through one page, and on as far as `sinceMs`. */
export async function findNewest<Message extends Dated>(
  rest: TwilioRest,
  list: ListRequest<Message>,
  sinceMs: number,
  isIt: (message: Message) => boolean,
): Promise<Message | undefined> {
  let pagesLeft = MAX_FIND_PAGES;
  for await (const { messages } of pagesOf(rest, pageRequest(list, 'desc'))) {
    const found = messages.find(isIt);
    if (found !== undefined) return found;
    pagesLeft -= 1;
    if (pagesLeft === 0 || messages.some((message) => isBefore(message, sinceMs))) break;
  }
  return undefined;
}

/**
 * The messages above an index, `limit` of them at most, in a constant number of calls.
 *
 * Twilio has no filter by index, and continues a list only by a token from one of its answers. As
 * a rule a customer misses few messages, so the last page is read first, and as many before it as
 * may be. If the index lies further back, reading continues from the nearest known place. If the index is still not reached, the page
 * is empty and not complete, and the places found on the way bring the next call nearer.
 */
export async function readAfter<Message extends Indexed>(
  rest: TwilioRest,
  list: ListRequest<Message>,
  afterIndex: number,
  limit: number,
  places: readonly TranscriptPlace[] = [],
): Promise<MessageRange<Message>> {
  const known = new TranscriptPlaces(places);
  const isFar = afterIndex - known.before(afterIndex).index >= PAGE_SIZE;
  if (isFar) {
    const read = await readBack(rest, list, afterIndex);
    if (read) {
      const newer = read.messages.filter(({ index }) => index > afterIndex);
      const kept = keptIn(read.messages, afterIndex, read.isWhole);
      return { messages: newer.slice(0, limit), complete: newer.length <= limit, ...kept };
    }
  }
  const pages = isFar ? MAX_PAGES - 1 : MAX_PAGES;
  return readForward({ rest, list, known, pages }, afterIndex, limit);
}

/** @returns undefined after the last page if the index is too far from the end. */
async function readBack<Message extends Indexed>(
  rest: TwilioRest,
  list: ListRequest<Message>,
  afterIndex: number,
): Promise<{ readonly messages: Message[]; readonly isWhole: boolean } | undefined> {
  const read: Message[] = [];
  let pagesLeft = MAX_PAGES;
  let isWhole = false;
  for await (const { messages, meta } of pagesOf(rest, pageRequest(list, 'desc'))) {
    read.push(...messages);
    pagesLeft -= 1;
    isWhole = !meta.next_page_url;
    const missing = (read.at(-1)?.index ?? 0) - 1 - afterIndex;
    if (missing <= 0 || isWhole) break;
    if (missing > pagesLeft * PAGE_SIZE) return undefined;
  }
  return { messages: read.reverse(), isWhole };
}

/**
 * What messages that were read in a row tell of those up to an index. It counts from the first one:
 * where a page begins that goes on by a token is not documented for a list that has become shorter.
 * @param isWhole the row begins with the channel's first message.
 */
function keptIn<Message extends Indexed>(
  row: readonly Message[],
  upTo: number,
  isWhole: boolean,
): Pick<MessageRange<Message>, 'kept'> {
  const [first] = row;
  const from = isWhole ? -1 : first && first.index - 1;
  return from === undefined || from >= upTo
    ? {}
    : { kept: { from, messages: row.filter(({ index }) => index <= upTo) } };
}

/** The last messages of a channel, `limit` of them at most, by one call. */
export async function readLatest<Message extends Indexed>(
  rest: TwilioRest,
  list: ListRequest<Message>,
  limit: number,
): Promise<Omit<MessageRange<Message>, 'places'>> {
  const { messages, meta } = await rest(pageRequest(list, 'desc'));
  const complete = messages.length <= limit && !meta.next_page_url;
  return { messages: messages.slice(0, limit).reverse(), complete };
}

interface Look<Message> {
  readonly rest: TwilioRest;
  readonly list: ListRequest<Message>;
  readonly known: TranscriptPlaces;
  /** How many may be asked for. */
  readonly pages: number;
}

async function readForward<Message extends Indexed>(
  look: Look<Message>,
  afterIndex: number,
  limit: number,
): Promise<MessageRange<Message>> {
  const { known } = look;
  const newer: Message[] = [];
  let inRow: Message[] = [];
  let place: TranscriptPlace | undefined = known.before(afterIndex);
  let isWhole = isStart(place);
  for (let page = 0; page < look.pages && place && newer.length < limit; page += 1) {
    const read: ReadPage<Message> | undefined = await readFrom(look, place);
    if (read === undefined) {
      known.forget(place);
      place = known.before(newer.at(-1)?.index ?? afterIndex);
      inRow = [];
      isWhole = isStart(place);
      continue;
    }
    inRow.push(...read.messages);
    newer.push(...read.messages.filter(({ index }) => index > (newer.at(-1)?.index ?? afterIndex)));
    place = read.next;
    if (place) known.add(place);
  }
  const complete = place === undefined && newer.length <= limit;
  const isReached = newer.length > 0 || place === undefined;
  return {
    messages: newer.slice(0, limit),
    complete,
    ...known.changed,
    ...(isReached && keptIn(inRow, afterIndex, isWhole)),
  };
}

interface ReadPage<Message> {
  readonly messages: readonly Message[];
  /** Absent after the last page. */
  readonly next?: TranscriptPlace;
}

/** @returns undefined when Twilio does not take the place's token any more. */
async function readFrom<Message extends Indexed>(
  { rest, list }: Look<Message>,
  place: TranscriptPlace,
): Promise<ReadPage<Message> | undefined> {
  try {
    const { messages, meta } = await rest(pageRequest(list, 'asc', place.token));
    const token = pageTokenOf(list, meta);
    const index = messages.at(-1)?.index ?? place.index;
    return { messages, ...(token !== undefined && { next: { index, token } }) };
  } catch (error) {
    // How long a token is good is not documented, nor what it is refused with.
    const isRefused = hasCode(error, 'UPSTREAM_REFUSED') || hasCode(error, 'NO_CHAT');
    if (isRefused && !isStart(place)) return undefined;
    throw error;
  }
}

function pageRequest<Message>(
  list: ListRequest<Message>,
  order: 'asc' | 'desc',
  token = '',
): TwilioRequest<MessageList<Message>> {
  return {
    ...list,
    form: {
      Order: order,
      PageSize: String(PAGE_SIZE),
      ...(token !== '' && { PageToken: token }),
    },
  };
}
