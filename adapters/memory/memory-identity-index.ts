import type { Person } from '#core/identity';
import type { SessionId } from '#core/ids';
import type { IdentityIndex } from '#core/ports';
import { live, type MemoryTable } from './memory-table.ts';

/** Which session a person has, in memory. */
export class MemoryIdentityIndex implements IdentityIndex {
  readonly #table: MemoryTable;

  constructor(table: MemoryTable) {
    this.#table = table;
  }

  async find(person: Person, nowMs: number): Promise<SessionId | undefined> {
    return live(this.#table.people.get(keyOf(person)), nowMs)?.sessionId;
  }

  async claim(
    person: Person,
    from: SessionId | undefined,
    to: SessionId,
    nowMs: number,
    expiresAtMs: number,
  ): Promise<boolean> {
    const stored = live(this.#table.people.get(keyOf(person)), nowMs);
    if (stored !== undefined && stored.sessionId !== from) return false;
    this.#table.people.set(keyOf(person), { sessionId: to, expiresAtMs });
    return true;
  }
}

const keyOf = ({ issuer, subject }: Person): string => JSON.stringify([issuer, subject]);
