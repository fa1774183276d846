import type { SessionId } from '#core/ids';
import type { FlexMailbox, Letter } from '#core/ports';

const DEDUPLICATION_MS = 5 * 60_000;

/** Letters in memory: one queue per session, in the order of sending. */
export class MemoryFlexMailbox implements FlexMailbox {
  readonly #nowMs: () => number;
  readonly #waiting = new Map<SessionId, Letter[]>();
  readonly #acceptedAtMs = new Map<string, number>();

  /**
   * @param nowMs the time of a call. By default it stands still, and a delivery key never stores a
   * second letter.
   */
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

  /** Sessions that have letters, in the order of their first ones. */
  sessionIds(): SessionId[] {
    return [...this.#waiting].filter(([, letters]) => letters.length > 0).map(([id]) => id);
  }

  /** A session's letters, oldest first. */
  letters(id: SessionId): readonly Letter[] {
    return [...(this.#waiting.get(id) ?? [])];
  }

  /** Takes a session's oldest letter out. To deliver it again, read it with `letters` first. */
  take(id: SessionId): Letter | undefined {
    return this.#waiting.get(id)?.shift();
  }
}
