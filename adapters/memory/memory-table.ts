import { customerOf, type Identity } from '#core/identity';
import type { ChannelSid, ConnectionId, SessionId } from '#core/ids';
import { NO_PARTICIPANTS, type Participants } from '#core/participants';
import type { Attempt } from '#core/ports';
import type {
  Chat,
  ChatRef,
  ChatWake,
  Session,
  SessionRecord,
  TranscriptPlace,
} from '#core/session';
import type { Profile } from '#protocol/frames';

interface Expiring {
  readonly expiresAtMs: number;
}

export interface SessionRow extends Expiring {
  readonly revoked?: true;
  /** Beside `revoked`. */
  readonly moved?: true;
  readonly chat: Chat;
  /** Oldest first. */
  readonly attempts: readonly Attempt[];
}

export interface ProfileRow extends Expiring {
  readonly profile: Profile;
}

export interface IdentityRow extends Expiring {
  readonly identity: Identity;
}

export interface PersonRow extends Expiring {
  readonly sessionId: SessionId;
}

export interface PlacesRow extends Expiring {
  readonly places: readonly TranscriptPlace[];
}

export interface ParticipantsRow extends Expiring {
  readonly participants: Participants;
}

export interface ConnectionRow extends Expiring {
  readonly connectedAtMs: number;
}

export interface ChannelRow extends Expiring {
  readonly chat: ChatRef;
}

/**
 * The rows that the memory stores share. Expired rows stay, as a real table may keep them for days:
 * each read leaves them out.
 */
export class MemoryTable {
  readonly sessions = new Map<SessionId, SessionRow>();
  readonly wakes = new Map<SessionId, ChatWake>();
  readonly profiles = new Map<SessionId, ProfileRow>();
  readonly identities = new Map<SessionId, IdentityRow>();
  readonly people = new Map<string, PersonRow>();
  readonly connections = new Map<SessionId, Map<ConnectionId, ConnectionRow>>();
  /** By chat. */
  readonly places = new Map<SessionId, Map<number, PlacesRow>>();
  readonly channels = new Map<ChannelSid, ChannelRow>();
  readonly participants = new Map<SessionId, ParticipantsRow>();

  /** @returns undefined for an unknown or expired session. */
  record(id: SessionId, nowMs: number): SessionRecord | undefined {
    const row = live(this.sessions.get(id), nowMs);
    if (row === undefined || row.revoked) return undefined;
    const identity = live(this.identities.get(id), nowMs)?.identity;
    return {
      session: toSession(id, row),
      profile: customerOf(live(this.profiles.get(id), nowMs)?.profile ?? {}, identity),
      ...(identity && { identity }),
      connectionIds: this.connectionIds(id, nowMs),
      ...lastMessageOf(row),
      ...this.#wakeOf(id),
      participants: live(this.participants.get(id), nowMs)?.participants ?? NO_PARTICIPANTS,
      ...this.#placesOf(id, nowMs),
    };
  }

  #wakeOf(id: SessionId): Pick<SessionRecord, 'wake'> {
    const wake = this.wakes.get(id);
    return wake === undefined ? {} : { wake };
  }

  #placesOf(id: SessionId, nowMs: number): Pick<SessionRecord, 'places'> {
    const rows = [...(this.places.get(id) ?? [])].filter(([, row]) => live(row, nowMs));
    if (rows.length === 0) return {};
    return { places: new Map(rows.map(([chat, { places }]) => [chat, places])) };
  }

  connectionIds(id: SessionId, nowMs: number): ConnectionId[] {
    return [...(this.connections.get(id) ?? [])]
      .filter(([, connection]) => live(connection, nowMs) !== undefined)
      .map(([connectionId]) => connectionId);
  }
}

function lastMessageOf({ attempts }: SessionRow): Pick<SessionRecord, 'lastMessageAtMs'> {
  const lastMessageAtMs = attempts.at(-1)?.acceptedAtMs;
  return lastMessageAtMs === undefined ? {} : { lastMessageAtMs };
}

/** @returns undefined for a row that is absent or has expired. */
export function live<Row extends Expiring>(row: Row | undefined, nowMs: number): Row | undefined {
  return row !== undefined && row.expiresAtMs > nowMs ? row : undefined;
}

export function toSession(id: SessionId, { expiresAtMs, chat }: SessionRow): Session {
  return { id, expiresAtMs, chat };
}
