/** Reads the stored items of a session. */
import * as v from 'valibot';
import { customerOf, type Identity } from '#core/identity';
import { connectionId, type SessionId } from '#core/ids';
import type { EndedSession, OpenedConnection } from '#core/ports';
import type { Session, SessionRecord } from '#core/session';
import { type Profile, ProfileSchema } from '#protocol/frames';
import type { StoredItem } from './dynamo-table.ts';
import { parseStored } from './parse-stored.ts';
import { readParticipants } from './participants-item.ts';
import { ChatSchema } from './stored-chat.ts';
import {
  BOOKMARK_PREFIX,
  CONNECTION_PREFIX,
  IDENTITY_SORT_KEY,
  isLive,
  PROFILE_SORT_KEY,
  SESSION_SORT_KEY,
  WAKE_SORT_KEY,
} from './table-items.ts';

const SessionItemSchema = v.object({
  expiresAt: v.number(),
  chat: ChatSchema,
  attempts: v.array(v.string()),
  times: v.exactOptional(v.array(v.number())),
  revoked: v.exactOptional(v.literal(true)),
  moved: v.exactOptional(v.literal(true)),
});

const ProfileItemSchema = v.object({ expiresAt: v.number(), profile: ProfileSchema });

const IdentityItemSchema = v.object({
  expiresAt: v.number(),
  issuer: v.string(),
  subject: v.string(),
  profile: ProfileSchema,
  validUntilMs: v.number(),
});

const WakeItemSchema = v.object({ chat: v.number(), atMs: v.number() });

const ConnectionItemSchema = v.object({
  sk: v.pipe(v.string(), v.startsWith(CONNECTION_PREFIX)),
  expiresAt: v.number(),
  connectedAt: v.optional(v.number(), 0),
});

const BookmarkItemSchema = v.object({
  expiresAt: v.number(),
  chat: v.number(),
  places: v.array(v.object({ index: v.number(), token: v.string() })),
});

/** A session's partition at one moment. */
export interface SessionPartition {
  readonly record: SessionRecord;
  /** Fingerprints, oldest first. */
  readonly attempts: readonly string[];
}

/** @throws ChatError `INVALID_INPUT` for an item that this version cannot read. */
export function readSession(id: SessionId, item: StoredItem): Session {
  return toSession(id, parseStored(SessionItemSchema, item, 'session item'));
}

const TimesSchema = v.fallback(v.object({ times: v.array(v.number()) }), { times: [] });

/** When the attempt before the latest was accepted; undefined if there was none. */
export function previousAttemptAtMs(item: StoredItem): number | undefined {
  return v.parse(TimesSchema, item).times.at(-2) || undefined;
}

/**
 * @returns undefined when the session is absent or has expired.
 * @throws ChatError `INVALID_INPUT` for an item that this version cannot read.
 */
export function readPartition(
  id: SessionId,
  items: readonly StoredItem[],
  nowMs: number,
): SessionPartition | undefined {
  const item = findSessionItem(items);
  if (item === undefined || hasEnded(item, nowMs)) return undefined;
  const identity = readIdentity(items, nowMs);
  return {
    record: {
      session: toSession(id, item),
      profile: customerOf(readProfile(items, nowMs), identity),
      ...(identity && { identity }),
      connectionIds: readConnections(items, nowMs),
      ...readLastMessage(item),
      ...readWake(items),
      participants: readParticipants(items, nowMs),
      ...readPlaces(items, nowMs),
    },
    attempts: item.attempts,
  };
}

/**
 * @returns undefined when the session is absent or goes on.
 * @throws ChatError `INVALID_INPUT` for an item that this version cannot read.
 */
export function readEnded(items: readonly StoredItem[], nowMs: number): EndedSession | undefined {
  const item = findSessionItem(items);
  if (item === undefined || !hasEnded(item, nowMs)) return undefined;
  const isRevoked = item.revoked === true && !item.moved;
  return { isRevoked, connectionIds: readConnections(items, nowMs) };
}

type SessionItem = v.InferOutput<typeof SessionItemSchema>;

function findSessionItem(items: readonly StoredItem[]): SessionItem | undefined {
  const stored = items.find(({ sk }) => sk === SESSION_SORT_KEY);
  return stored && parseStored(SessionItemSchema, stored, 'session item');
}

const hasEnded = (item: SessionItem, nowMs: number): boolean =>
  item.revoked === true || !isLive(item, nowMs);

function toSession(id: SessionId, item: SessionItem): Session {
  return { id, expiresAtMs: item.expiresAt * 1000, chat: item.chat };
}

/** A zero stands for a message that was not sent yet. */
function readLastMessage({ times }: SessionItem): Pick<SessionRecord, 'lastMessageAtMs'> {
  const lastMessageAtMs = times?.at(-1);
  return lastMessageAtMs ? { lastMessageAtMs } : {};
}

function readWake(items: readonly StoredItem[]): Pick<SessionRecord, 'wake'> {
  const stored = items.find(({ sk }) => sk === WAKE_SORT_KEY);
  if (stored === undefined) return {};
  const { chat, atMs } = parseStored(WakeItemSchema, stored, 'wake item');
  return { wake: { chat, atMs } };
}

function readIdentity(items: readonly StoredItem[], nowMs: number): Identity | undefined {
  const stored = items.find(({ sk }) => sk === IDENTITY_SORT_KEY);
  if (stored === undefined) return undefined;
  const item = parseStored(IdentityItemSchema, stored, 'identity item');
  const { expiresAt: _, ...identity } = item;
  return isLive(item, nowMs) ? identity : undefined;
}

function readProfile(items: readonly StoredItem[], nowMs: number): Profile {
  const stored = items.find(({ sk }) => sk === PROFILE_SORT_KEY);
  if (stored === undefined) return {};
  const item = parseStored(ProfileItemSchema, stored, 'profile item');
  return isLive(item, nowMs) ? item.profile : {};
}

/** Leaves out a bookmark that can't be read: without it reading only takes longer. */
function readPlaces(items: readonly StoredItem[], nowMs: number): Pick<SessionRecord, 'places'> {
  const bookmarks = items
    .filter(({ sk }) => typeof sk === 'string' && sk.startsWith(BOOKMARK_PREFIX))
    .map((stored) => v.safeParse(BookmarkItemSchema, stored))
    .flatMap(({ success, output }) => (success && isLive(output, nowMs) ? [output] : []));
  if (bookmarks.length === 0) return {};
  return { places: new Map(bookmarks.map(({ chat, places }) => [chat, places])) };
}

function readConnections(
  items: readonly StoredItem[],
  nowMs: number,
): SessionRecord['connectionIds'] {
  return readOpened(items, nowMs).map(({ id }) => id);
}

/** @throws ChatError `INVALID_INPUT` for an item that this version cannot read. */
export function readOpened(
  items: readonly StoredItem[],
  nowMs: number,
): readonly OpenedConnection[] {
  return items
    .filter(({ sk }) => typeof sk === 'string' && sk.startsWith(CONNECTION_PREFIX))
    .map((stored) => parseStored(ConnectionItemSchema, stored, 'connection item'))
    .filter((item) => isLive(item, nowMs))
    .map(({ sk, connectedAt }) => ({
      id: connectionId(sk.slice(CONNECTION_PREFIX.length)),
      connectedAtMs: connectedAt,
    }));
}
