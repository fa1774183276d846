/** Keys of the table's items, and their expiry. */
import { createHash } from 'node:crypto';
import type { Person } from '#core/identity';
import type { ChannelSid, ConnectionId, SessionId } from '#core/ids';
import type { ChatRef } from '#core/session';
import type { ItemKey } from './dynamo-table.ts';

export const SESSION_SORT_KEY = 'SESSION';
export const PROFILE_SORT_KEY = 'PROFILE';
export const IDENTITY_SORT_KEY = 'IDENTITY';
export const PARTICIPANTS_SORT_KEY = 'PARTICIPANTS';
export const CONNECTION_PREFIX = 'CONNECTION#';
export const BOOKMARK_PREFIX = 'BOOKMARK#';
export const WAKE_SORT_KEY = 'WAKE';

/** A session, its profile and its connections share a partition: one query reads them all. */
export const sessionPartition = (id: SessionId): string => `SESSION#${id}`;

export const sessionKey = (id: SessionId): ItemKey => ({
  pk: sessionPartition(id),
  sk: SESSION_SORT_KEY,
});

export const profileKey = (id: SessionId): ItemKey => ({
  pk: sessionPartition(id),
  sk: PROFILE_SORT_KEY,
});

export const identityKey = (id: SessionId): ItemKey => ({
  pk: sessionPartition(id),
  sk: IDENTITY_SORT_KEY,
});

export const participantsKey = (id: SessionId): ItemKey => ({
  pk: sessionPartition(id),
  sk: PARTICIPANTS_SORT_KEY,
});

export const connectionKey = (id: SessionId, connection: ConnectionId): ItemKey => ({
  pk: sessionPartition(id),
  sk: `${CONNECTION_PREFIX}${connection}`,
});

export const bookmarkKey = ({ sessionId, number }: ChatRef): ItemKey => ({
  pk: sessionPartition(sessionId),
  sk: `${BOOKMARK_PREFIX}${number}`,
});

export const wakeKey = (id: SessionId): ItemKey => ({
  pk: sessionPartition(id),
  sk: WAKE_SORT_KEY,
});

export const channelKey = (channel: ChannelSid): ItemKey => ({
  pk: `CHANNEL#${channel}`,
  sk: 'CHANNEL',
});

/** Hashed, as subjects may be long, or e-mail addresses. */
export const personKey = ({ issuer, subject }: Person): ItemKey => {
  const hash = createHash('sha256').update(JSON.stringify([issuer, subject]));
  return { pk: `PERSON#${hash.digest('base64url')}`, sk: 'PERSON' };
};

/** A partition of its own, so that frequent counting does not slow down the session's own items. */
export const counterKey = (key: string, minute: number): ItemKey => ({
  pk: `COUNT#${key}`,
  sk: `MINUTE#${minute}`,
});

/** Of what is counted over a session's whole life. */
export const lastingCounterKey = (key: string): ItemKey => ({ pk: `COUNT#${key}`, sk: 'SESSION' });

/** Time to live counts in whole epoch seconds; rounded up, so that nothing ends early. */
export const toExpiresAt = (expiresAtMs: number): number => Math.ceil(expiresAtMs / 1000);

/** DynamoDB may return an item for days after it has expired. */
export const isLive = (item: { readonly expiresAt: number }, nowMs: number): boolean =>
  item.expiresAt * 1000 > nowMs;
