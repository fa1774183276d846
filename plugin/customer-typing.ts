/** In which conversations the customer is writing just now. */
import type { ConversationsClient, Participant } from './flex-contract.ts';

/** The channel tells it every 4 s while it goes on. */
const SHOWN_MS = 6_000;

export class CustomerTyping {
  /** By conversation. */
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** When it was told last, by conversation: other attributes may change, too. */
  readonly #told = new Map<string, string>();
  readonly #listeners = new Set<() => void>();

  isTyping(conversation: string | undefined): boolean {
    return conversation !== undefined && this.#timers.has(conversation);
  }

  /** @returns what ends the subscription. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The clock of this machine may be wrong: what counts is that it was told now. */
  listen(client: ConversationsClient | undefined): void {
    client?.on?.('participantUpdated', ({ participant, updateReasons = [] }) => {
      const sid = participant?.conversation?.sid;
      const typingAt = participant && typingAtOf(participant);
      if (!updateReasons.includes('attributes') || !sid || typingAt === undefined) return;
      if (this.#told.get(sid) === typingAt) return;
      this.#told.set(sid, typingAt);
      this.#begin(sid);
    });
    client?.on?.('messageAdded', ({ author, conversation }) => {
      if (author?.startsWith('customer-') && conversation?.sid) this.#end(conversation.sid);
    });
  }

  #begin(sid: string): void {
    clearTimeout(this.#timers.get(sid));
    this.#timers.set(
      sid,
      setTimeout(() => this.#end(sid), SHOWN_MS),
    );
    this.#changed();
  }

  #end(sid: string): void {
    clearTimeout(this.#timers.get(sid));
    if (this.#timers.delete(sid)) this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Of customers of this channel; anybody may write attributes. */
function typingAtOf({ identity, attributes }: Participant): string | undefined {
  if (!identity?.startsWith('customer-')) return undefined;
  const { flexChannel } = (attributes ?? {}) as { flexChannel?: { typingAt?: unknown } | null };
  const typingAt = flexChannel?.typingAt;
  return typeof typingAt === 'string' ? typingAt : undefined;
}
