/** Reading the messages of a channel, which both of Twilio's products list in the same way. */
import * as v from 'valibot';
import { metaSchema, pagesOf } from './pages.ts';
import type { TwilioRequest, TwilioRest } from './rest-client.ts';

/** How many messages are looked through at least; the port asks for 40. */
const FIND_PAGE_SIZE = 50;

/** The largest page that Twilio gives. */
const MAX_PAGE_SIZE = 100;

interface Indexed {
  readonly index: number;
}

interface Dated {
  readonly date_created: number;
}

/** A part of a channel's messages, ascending. */
export interface MessageRange<Message> {
  readonly messages: Message[];
  /** False: there are more after the last one. */
  readonly complete: boolean;
}

type MessageList<Message> = {
  readonly messages: Message[];
  readonly meta: v.InferOutput<typeof metaSchema>;
};

/** A list of messages, as either product gives it. */
export type ListRequest<Message> = Omit<TwilioRequest<MessageList<Message>>, 'form'>;

export function messageListSchema<Message>(message: v.GenericSchema<unknown, Message>) {
  return v.object({ messages: v.array(message), meta: metaSchema });
}

/** Looks for a message from the newest back: through one page, and on as far as `sinceMs`. */
export async function findNewest<Message extends Dated>(
  rest: TwilioRest,
  list: ListRequest<Message>,
  sinceMs: number,
  isIt: (message: Message) => boolean,
): Promise<Message | undefined> {
  for await (const { messages } of pagesOf(rest, ordered(list, 'desc', FIND_PAGE_SIZE))) {
    const found = messages.find(isIt);
    if (found !== undefined) return found;
    if (messages.some(({ date_created }) => date_created < sinceMs)) return undefined;
  }
  return undefined;
}

/** The messages above an index, `limit` of them at most. */
export async function readAfter<Message extends Indexed>(
  rest: TwilioRest,
  list: ListRequest<Message>,
  afterIndex: number,
  limit: number,
): Promise<MessageRange<Message>> {
  if (afterIndex >= 0) {
    return newerThan(afterIndex, limit, pagesOf(rest, ordered(list, 'desc', MAX_PAGE_SIZE)));
  }
  const { messages, meta } = await rest(ordered(list, 'asc', limit));
  return { messages, complete: !meta.next_page_url };
}

function ordered<Message>(
  list: ListRequest<Message>,
  order: 'asc' | 'desc',
  pageSize: number,
): TwilioRequest<MessageList<Message>> {
  return { ...list, form: { Order: order, PageSize: String(pageSize) } };
}

/** Twilio has no filter by index: reads from the newest back to the last one that is known. */
async function newerThan<Message extends Indexed>(
  afterIndex: number,
  limit: number,
  newestFirst: AsyncIterable<MessageList<Message>>,
): Promise<MessageRange<Message>> {
  const newer: Message[] = [];
  for await (const { messages } of newestFirst) {
    newer.push(...messages.filter(({ index }) => index > afterIndex));
    if (messages.some(({ index }) => index <= afterIndex)) break;
  }
  newer.sort((a, b) => a.index - b.index);
  return { messages: newer.slice(0, limit), complete: newer.length <= limit };
}
