/** What is stored of one session, here and in Twilio. */
import type { DynamoTable, ItemKey, StoredItem } from '#adapters/aws/dynamo-table';
import {
  channelKey,
  IDENTITY_SORT_KEY,
  lastingCounterKey,
  personKey,
  SESSION_SORT_KEY,
  sessionKey,
  sessionPartition,
} from '#adapters/aws/table-items';
import { channelSid, type SessionId } from '#core/ids';
import { customerIdentity } from '#core/session';
import type { ChatChannels } from '../twilio/chat-channels.ts';
import type { ChatTask, ChatTasks } from '../twilio/chat-tasks.ts';

/** Of one session; each is one name to ask Twilio for. */
const MOST_CHATS = 1_000;
/** Chats are numbered one after the other; Twilio may have lost some. */
const MOST_MISSES = 5;
const MOST_MESSAGES = 10_000;

export interface Stores {
  readonly table: DynamoTable;
  readonly channels: ChatChannels;
  readonly tasks: ChatTasks;
}

export interface ChatTrace {
  readonly sid: string;
  readonly messages: number;
  readonly mediaSids: readonly string[];
  readonly tasks: readonly ChatTask[];
  /** Its pointer to the session, in the table. */
  readonly pointer?: ItemKey;
}

export interface Traces {
  /** Items of the session but the mark that it is void. */
  readonly items: readonly ItemKey[];
  /** When the session's row expires; undefined when there is none. */
  readonly expiresAt?: number;
  readonly chats: readonly ChatTrace[];
  readonly userSid?: string;
}

/** Looks at everything and changes nothing. */
export async function findTraces(stores: Stores, id: SessionId): Promise<Traces> {
  const stored = await stores.table.query(sessionPartition(id));
  const session = stored.find(({ sk }) => sk === SESSION_SORT_KEY);
  const counter = lastingCounterKey(`files#${id}`);
  const counted = await stores.table.query(counter.pk);
  const led = await findPerson(stores, id, stored);
  const userSid = await stores.channels.findUser(customerIdentity(id));
  return {
    items: [...stored, ...counted, ...led]
      .filter((item) => item !== session || !isBare(item))
      .map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) })),
    ...(session && { expiresAt: Number(session['expiresAt']) }),
    chats: await findChats(stores, id, chatNumberIn(session)),
    ...(userSid !== undefined && { userSid }),
  };
}

/** The pointer from whoever signed in to this session; one that leads to another session is not its. */
async function findPerson({ table }: Stores, id: SessionId, stored: readonly StoredItem[]) {
  const { issuer, subject } = stored.find(({ sk }) => sk === IDENTITY_SORT_KEY) ?? {};
  if (typeof issuer !== 'string' || typeof subject !== 'string') return [];
  const pointers = await table.query(personKey({ issuer, subject }).pk);
  return pointers.filter((pointer) => pointer['sessionId'] === id);
}

async function findChats(stores: Stores, id: SessionId, known: number): Promise<ChatTrace[]> {
  const chats: ChatTrace[] = [];
  let misses = 0;
  for (let number = 1; number <= MOST_CHATS; number += 1) {
    if (number > known && misses >= MOST_MISSES) break;
    const sid = await stores.channels.find(`${id}-${number}`);
    misses = sid === undefined ? misses + 1 : 0;
    if (sid !== undefined) chats.push(await traceChat(stores, sid));
  }
  return chats;
}

async function traceChat({ table, channels, tasks }: Stores, sid: string): Promise<ChatTrace> {
  const messages = await channels.messages(sid, MOST_MESSAGES);
  const key = channelKey(channelSid(sid));
  const [pointer] = await table.query(key.pk);
  return {
    sid,
    messages: messages.length,
    mediaSids: messages.flatMap(({ mediaSids }) => mediaSids),
    tasks: await tasks.of(sid),
    ...(pointer && { pointer: key }),
  };
}

function chatNumberIn(session: Readonly<Record<string, unknown>> | undefined): number {
  const { number } = Object(session?.['chat']) as { number?: unknown };
  return typeof number === 'number' ? Math.min(number, MOST_CHATS) : 0;
}

/**
 * What stays of a session whose token may be good still: without it the token would begin the
 * session anew. Nothing of the customer is in it.
 */
export const bareSession = (id: SessionId, expiresAt: number) => ({
  ...sessionKey(id),
  expiresAt,
  revoked: true,
  chat: { number: 1, state: 'none' },
  attempts: [],
  times: [],
});

function isBare({ revoked, chat, attempts, times }: Readonly<Record<string, unknown>>): boolean {
  const { state } = Object(chat) as { state?: unknown };
  return revoked === true && state === 'none' && [attempts, times].flat().length === 0;
}
