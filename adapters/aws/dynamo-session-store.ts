import { ChatError } from '#core/errors';
import type { Identity } from '#core/identity';
import type { SessionId } from '#core/ids';
import type { Outdated, ParticipantsChange } from '#core/participants';
import type { Attempt, AttemptRecord, EndedSession, SessionStore } from '#core/ports';
import type { TranscriptPlace } from '#core/session';
import {
  type ChannelNote,
  type Chat,
  type ChatRef,
  type ChatWake,
  type Session,
  type SessionRecord,
  wakeExpiry,
} from '#core/session';
import type { Profile } from '#protocol/frames';
import { ADD_ATTEMPT, attemptUpdate, NOT_REVOKED } from './attempt-update.ts';
import { addAttempt, fingerprint, formerFingerprint, NO_ATTEMPTS, NO_TIMES } from './attempts.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { noteUpdate } from './note-update.ts';
import { participantsUpdate } from './participants-item.ts';
import {
  previousAttemptAtMs,
  readEnded,
  readPartition,
  readSession,
  type SessionPartition,
} from './session-items.ts';
import { toStoredChat } from './stored-chat.ts';
import {
  bookmarkKey,
  identityKey,
  participantsKey,
  profileKey,
  sessionKey,
  sessionPartition,
  toExpiresAt,
  wakeKey,
} from './table-items.ts';

const FIRST_CHAT: Chat = { number: 1, state: 'none' };

/** `state` and `number` are reserved words in expressions. */
const CHAT_NAMES = { '#state': 'state', '#number': 'number' };

/** Sessions in DynamoDB. Every write is one conditional update of one item below 1 KB. */
export class DynamoSessionStore implements SessionStore {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  async find(id: SessionId, nowMs: number): Promise<SessionRecord | undefined> {
    return (await this.#read(id, nowMs))?.record;
  }

  async findEnded(id: SessionId, nowMs: number): Promise<EndedSession | undefined> {
    return readEnded(await this.#table.query(sessionPartition(id)), nowMs);
  }

  async renew(id: SessionId, nowMs: number, expiresAtMs: number): Promise<Session> {
    const item = await this.#table.update(sessionKey(id), {
      expression:
        'SET expiresAt = :expiresAt, chat = if_not_exists(chat, :chat), attempts = if_not_exists(attempts, :attempts), times = if_not_exists(times, :times)',
      condition: `attribute_not_exists(pk) OR (expiresAt > :now AND ${NOT_REVOKED})`,
      values: {
        ':expiresAt': toExpiresAt(expiresAtMs),
        ':chat': FIRST_CHAT,
        ':attempts': NO_ATTEMPTS,
        ':times': NO_TIMES,
        ':now': nowMs / 1000,
      },
    });
    if (item === undefined) throw new ChatError('SESSION_GONE', `session ${id} has expired`);
    return readSession(id, item);
  }

  async saveProfile(id: SessionId, profile: Profile, expiresAtMs: number): Promise<void> {
    await this.#table.put({ ...profileKey(id), profile, expiresAt: toExpiresAt(expiresAtMs) });
  }

  async saveIdentity(id: SessionId, identity: Identity, expiresAtMs: number): Promise<void> {
    await this.#table.put({
      ...identityKey(id),
      ...identity,
      expiresAt: toExpiresAt(expiresAtMs),
    });
  }

  async savePlaces(
    chat: ChatRef,
    places: readonly TranscriptPlace[],
    expiresAtMs: number,
  ): Promise<void> {
    const expiresAt = toExpiresAt(expiresAtMs);
    await this.#table.put({ ...bookmarkKey(chat), chat: chat.number, places, expiresAt });
  }

  async recordAttempt(
    id: SessionId,
    attempt: Attempt,
    chat: number | undefined,
    nowMs: number,
  ): Promise<AttemptRecord> {
    const item = await this.#table.update(sessionKey(id), attemptUpdate(id, attempt, chat, nowMs));
    if (item === undefined) return this.#whyNotRecorded(id, attempt, chat, nowMs);

    const session = readSession(id, item);
    if (session.chat.state !== 'open') {
      throw new ChatError('INVALID_INPUT', `session ${id}: an attempt was recorded outside a chat`);
    }
    const previousAtMs = previousAttemptAtMs(item);
    return {
      outcome: 'recorded',
      session,
      chat: session.chat,
      ...(previousAtMs !== undefined && { previousAtMs }),
    };
  }

  async changeChat(
    id: SessionId,
    from: Pick<Chat, 'number' | 'state'>,
    to: Chat,
    attempt?: Attempt,
  ): Promise<boolean> {
    const adding = attempt !== undefined;
    const item = await this.#table.update(sessionKey(id), {
      expression: adding
        ? `SET chat = :chat, ${ADD_ATTEMPT.set} REMOVE ${ADD_ATTEMPT.remove}`
        : 'SET chat = :chat',
      condition: 'chat.#number = :number AND chat.#state = :state',
      names: CHAT_NAMES,
      values: {
        ':chat': toStoredChat(to),
        ':number': from.number,
        ':state': from.state,
        ...(adding && {
          ':attempt': fingerprint(id, attempt.id),
          ':acceptedAt': attempt.acceptedAtMs,
        }),
      },
    });
    return item !== undefined;
  }

  async moveWake(id: SessionId, fromMs: number, to: ChatWake): Promise<boolean> {
    const item = await this.#table.update(wakeKey(id), {
      expression: 'SET chat = :chat, atMs = :at, expiresAt = :expiresAt',
      condition: 'attribute_not_exists(pk) OR chat <> :chat OR atMs = :from',
      values: {
        ':chat': to.chat,
        ':at': to.atMs,
        ':from': fromMs,
        ':expiresAt': toExpiresAt(wakeExpiry(to)),
      },
    });
    return item !== undefined;
  }

  async noteChannel(id: SessionId, chat: number, note: ChannelNote): Promise<boolean> {
    return (await this.#table.update(sessionKey(id), noteUpdate(chat, note))) !== undefined;
  }

  async noteParticipants(
    id: SessionId,
    change: ParticipantsChange,
    old: Outdated,
    expiresAtMs: number,
  ): Promise<boolean> {
    const update = participantsUpdate(change, old, expiresAtMs);
    return (await this.#table.update(participantsKey(id), update)) !== undefined;
  }

  /** The row stays for its time, which outlives every token and connection of the session. */
  async revoke(id: SessionId, moved?: 'moved'): Promise<void> {
    await this.#table.update(sessionKey(id), {
      expression: moved ? 'SET revoked = :revoked, moved = :revoked' : 'SET revoked = :revoked',
      condition: 'attribute_exists(pk)',
      values: { ':revoked': true },
    });
  }

  async #whyNotRecorded(
    id: SessionId,
    attempt: Attempt,
    chat: number | undefined,
    nowMs: number,
  ): Promise<AttemptRecord> {
    const partition = await this.#read(id, nowMs);
    if (partition === undefined) return { outcome: 'not-open' };
    const { record, attempts } = partition;
    const known = [fingerprint(id, attempt.id), formerFingerprint(attempt.id)];
    const position = attempts.findIndex((each) => known.includes(each));
    const stored = attempts[position];
    if (stored !== undefined) {
      if (position < attempts.length - 1) await this.#makeLatest(id, attempt, position, stored);
      return { outcome: 'repeated', record };
    }
    const current = record.session.chat;
    const isOpen = current.state === 'open' && (chat === undefined || chat === current.number);
    return { outcome: isOpen ? 'too-fast' : 'not-open', record };
  }

  /** Moves a remembered attempt to the end, unless it is not there any more. */
  async #makeLatest(
    id: SessionId,
    attempt: Attempt,
    position: number,
    stored: string,
  ): Promise<void> {
    const { set, remove } = addAttempt(position);
    await this.#table.update(sessionKey(id), {
      expression: `SET ${set} REMOVE ${remove}`,
      condition: `attempts[${position}] = :stored`,
      values: {
        ':attempt': fingerprint(id, attempt.id),
        ':acceptedAt': attempt.acceptedAtMs,
        ':stored': stored,
      },
    });
  }

  async #read(id: SessionId, nowMs: number): Promise<SessionPartition | undefined> {
    return readPartition(id, await this.#table.query(sessionPartition(id)), nowMs);
  }
}
