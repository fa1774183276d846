import type { SessionId } from '#core/ids';
import type { FlexMailbox, Letter } from '#core/ports';

const DEDUPLICATION_MS = 5 * 60_000;

/** Letters in memory, in the order of sending, one line per session. */
export class MemoryFlexMailbox implements FlexMailbox {
  readonly #nowMs: () => number;
  readonly #waiting = new Map<SessionId, Letter[]>();
  readonly #acceptedAtMs = new Map<string, number>();

  /** @param nowMs the time of a call; by default it stands still, so that a delivery key counts once for good. */
  constructor(nowMs: () => number = () => 0) {
    this.#nowMs = nowMs;
  }

  async send(letter: Letter, deliveryKey: string): Promise<void> {
    const nowMs = this.#nowMs();
    // Per session, as a FIFO queue whose deduplication scope is the message group.
    const key = `${letter.sessionId} ${deliveryKey}`;
    const acceptedAtMs = this.#acceptedAtMs.get(key);
    if (acceptedAtMs !== undefined && nowMs - acceptedAtMs < DEDUPLICATION_MS) return;
    this.#acceptedAtMs.set(key, nowMs);
    const waiting = this.#waiting.get(letter.sessionId) ?? [];
    waiting.push(letter);
    this.#waiting.set(letter.sessionId, waiting);
  }

  /** Sessions that letters wait for, in the order in which each got its first letter. */
  sessionIds(): SessionId[] {
    return [...this.#waiting].filter(([, letters]) => letters.length > 0).map(([id]) => id);
  }

  /** What waits for a session, oldest first. */
  letters(id: SessionId): readonly Letter[] {
    return [...(this.#waiting.get(id) ?? [])];
  }

  /** Takes a session's oldest letter out. To deliver it again, read it with `letters` first. */
  take(id: SessionId): Letter | undefined {
    return this.#waiting.get(id)?.shift();
  }
}
