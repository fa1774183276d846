import { ChatError } from '#core/errors';
import type { Identity } from '#core/identity';
import type { SessionId } from '#core/ids';
import type { Outdated, ParticipantsChange } from '#core/participants';
import type { Attempt, AttemptRecord, EndedSession, SessionStore } from '#core/ports';
import type {
  Channel,
  ChannelNote,
  Chat,
  ChatRef,
  ChatWake,
  Session,
  SessionRecord,
  TranscriptPlace,
} from '#core/session';
import type { Profile } from '#protocol/frames';
import { REMEMBERED_MESSAGE_IDS } from '#protocol/limits';
import { changeParticipants } from './memory-participants.ts';
import { live, MemoryTable, type SessionRow, toSession } from './memory-table.ts';

const FIRST_CHAT: Chat = { number: 1, state: 'none' };

/** Sessions in memory. Each call takes effect at once, before its promise is awaited. */
export class MemorySessionStore implements SessionStore {
  readonly #table: MemoryTable;

  constructor(table = new MemoryTable()) {
    this.#table = table;
  }

  async find(id: SessionId, nowMs: number): Promise<SessionRecord | undefined> {
    return this.#table.record(id, nowMs);
  }

  async findEnded(id: SessionId, nowMs: number): Promise<EndedSession | undefined> {
    const row = this.#table.sessions.get(id);
    if (row === undefined || this.#table.record(id, nowMs) !== undefined) return undefined;
    return {
      isRevoked: row.revoked === true && !row.moved,
      connectionIds: this.#table.connectionIds(id, nowMs),
    };
  }

  async renew(id: SessionId, nowMs: number, expiresAtMs: number): Promise<Session> {
    const stored = this.#table.sessions.get(id);
    if (stored !== undefined && (stored.revoked || live(stored, nowMs) === undefined)) {
      throw new ChatError('SESSION_GONE', `session ${id} has expired`);
    }
    const { chat, attempts } = stored ?? { chat: FIRST_CHAT, attempts: [] };
    const renewed: SessionRow = { expiresAtMs, chat, attempts };
    this.#table.sessions.set(id, renewed);
    return toSession(id, renewed);
  }

  async saveProfile(id: SessionId, profile: Profile, expiresAtMs: number): Promise<void> {
    this.#table.profiles.set(id, { profile, expiresAtMs });
  }

  async saveIdentity(id: SessionId, identity: Identity, expiresAtMs: number): Promise<void> {
    this.#table.identities.set(id, { identity, expiresAtMs });
  }

  async savePlaces(
    { sessionId, number }: ChatRef,
    places: readonly TranscriptPlace[],
    expiresAtMs: number,
  ): Promise<void> {
    const rows = this.#table.places.get(sessionId) ?? new Map();
    rows.set(number, { places, expiresAtMs });
    this.#table.places.set(sessionId, rows);
  }

  async recordAttempt(
    id: SessionId,
    attempt: Attempt,
    chat: number | undefined,
    nowMs: number,
  ): Promise<AttemptRecord> {
    const record = this.#table.record(id, nowMs);
    const row = this.#table.sessions.get(id);
    if (record === undefined || row === undefined) return { outcome: 'not-open' };
    if (row.attempts.some(({ id: known }) => known === attempt.id)) {
      const others = row.attempts.filter(({ id: known }) => known !== attempt.id);
      this.#table.sessions.set(id, withAttempt({ ...row, attempts: others }, attempt));
      return { outcome: 'repeated', record };
    }

    const current = row.chat;
    if (current.state !== 'open') return { outcome: 'not-open', record };
    if (chat !== undefined && chat !== current.number) return { outcome: 'not-open', record };
    if (isTooFast(row, attempt)) return { outcome: 'too-fast', record };
    this.#table.sessions.set(id, withAttempt(row, attempt));
    const previousAtMs = row.attempts.at(-1)?.acceptedAtMs;
    return {
      outcome: 'recorded',
      session: record.session,
      chat: current,
      ...(previousAtMs !== undefined && { previousAtMs }),
    };
  }

  async changeChat(
    id: SessionId,
    from: Pick<Chat, 'number' | 'state'>,
    to: Chat,
    attempt?: Attempt,
  ): Promise<boolean> {
    const row = this.#table.sessions.get(id);
    if (row?.chat.number !== from.number || row.chat.state !== from.state) return false;
    const changed = { ...row, chat: to };
    this.#table.sessions.set(id, attempt === undefined ? changed : withAttempt(changed, attempt));
    return true;
  }

  async moveWake(id: SessionId, fromMs: number, to: ChatWake): Promise<boolean> {
    const stored = this.#table.wakes.get(id);
    if (stored?.chat === to.chat && stored.atMs !== fromMs) return false;
    this.#table.wakes.set(id, to);
    return true;
  }

  async noteChannel(id: SessionId, chat: number, note: ChannelNote): Promise<boolean> {
    const row = this.#table.sessions.get(id);
    const current = row?.chat;
    if (row === undefined || current?.state !== 'open' || current.number !== chat) return false;
    const { reroutesFrom, set, remove = [] } = note;
    if (reroutesFrom !== undefined && (current.reroutes ?? 0) !== reroutesFrom) return false;
    const kept = Object.entries(current.channel).filter(([key]) => !remove.includes(key as never));
    const channel = { ...(Object.fromEntries(kept) as unknown as Channel), ...set };
    const counted = reroutesFrom !== undefined && { reroutes: reroutesFrom + 1 };
    this.#table.sessions.set(id, { ...row, chat: { ...current, channel, ...counted } });
    return true;
  }

  async noteParticipants(
    id: SessionId,
    change: ParticipantsChange,
    old: Outdated,
    expiresAtMs: number,
  ): Promise<boolean> {
    const before = this.#table.participants.get(id)?.participants;
    const participants = changeParticipants(before, change, old);
    if (participants === undefined) return false;
    this.#table.participants.set(id, { participants, expiresAtMs });
    return true;
  }

  async revoke(id: SessionId, moved?: 'moved'): Promise<void> {
    const row = this.#table.sessions.get(id);
    if (row === undefined) return;
    this.#table.sessions.set(id, { ...row, revoked: true, ...(moved && { moved: true }) });
  }
}

function isTooFast({ attempts }: SessionRow, { acceptedAtMs, burstWindowMs }: Attempt): boolean {
  const oldest = attempts.at(-REMEMBERED_MESSAGE_IDS);
  if (oldest === undefined || burstWindowMs === 0) return false;
  return oldest.acceptedAtMs > acceptedAtMs - burstWindowMs;
}

function withAttempt(row: SessionRow, attempt: Attempt): SessionRow {
  return { ...row, attempts: [...row.attempts, attempt].slice(-REMEMBERED_MESSAGE_IDS) };
}
