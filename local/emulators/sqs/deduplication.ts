import type { SentId } from './queue-store.ts';

/** Counted from the first accepted send. Source: SQS developer guide, "Using the message deduplication ID". */
const DEDUPLICATION_MS = 5 * 60_000;

/** Remembers which messages were sent, so that sending one again stores nothing. */
export class Deduplication {
  readonly #scope: 'queue' | 'messageGroup';
  /** In the order of sending. */
  readonly #sent: Map<string, SentId>;

  constructor(scope: 'queue' | 'messageGroup', sentIds: readonly SentId[] = []) {
    this.#scope = scope;
    this.#sent = new Map(sentIds.map((sent) => [sent.key, sent]));
  }

  /** @returns the first send with this id, also when its message was deleted since. */
  find(groupId: string, deduplicationId: string, nowMs: number): SentId | undefined {
    this.#forget(nowMs);
    return this.#sent.get(this.#key(groupId, deduplicationId));
  }

  remember(groupId: string, deduplicationId: string, sent: Omit<SentId, 'key'>): SentId {
    const sentId = { key: this.#key(groupId, deduplicationId), ...sent };
    this.#sent.set(sentId.key, sentId);
    return sentId;
  }

  sentIds(): SentId[] {
    return [...this.#sent.values()];
  }

  #forget(nowMs: number): void {
    for (const { key, sentAtMs } of this.#sent.values()) {
      if (nowMs < sentAtMs + DEDUPLICATION_MS) return;
      this.#sent.delete(key);
    }
  }

  /** Neither id holds a blank. */
  #key(groupId: string, deduplicationId: string): string {
    return this.#scope === 'queue' ? deduplicationId : `${groupId} ${deduplicationId}`;
  }
}
