import type { FlexMessage } from '#core/flex';
import type { ChannelSid } from '#core/ids';

/** Some hundred kilobytes. */
const MAX_TOLD = 2_000;

/**
 * What one copy of the function has told of each message lately. Flex says that a message was
 * updated when only its attributes were: whoever knows what it said before can tell. A copy that does
 * not know tells it once too often, and clients see that nothing has changed.
 */
export class ToldMessages {
  readonly #told = new Map<string, number>();

  /**
   * Notes that the message is told as it is.
   * @returns whether it says something else than what was told of it before.
   */
  note(channel: ChannelSid, { index, body, content }: FlexMessage): boolean {
    const key = `${channel} ${index}`;
    const now = fingerprint(content ? body + JSON.stringify(content) : body);
    const before = this.#told.get(key);
    // Deleted first, so that the oldest one stands first.
    this.#told.delete(key);
    this.#told.set(key, now);
    const [oldest] = this.#told.keys();
    if (this.#told.size > MAX_TOLD && oldest !== undefined) this.#told.delete(oldest);
    return before !== now;
  }

  forget(channel: ChannelSid, { index }: FlexMessage): void {
    this.#told.delete(`${channel} ${index}`);
  }
}

/** 53 bits of an FNV-1a hash and of one like it: no text is kept, and an edit is not missed by chance. */
function fingerprint(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x9dc5811c;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b);
  }
  return (high & 0x1fffff) * 0x1_0000_0000 + (low >>> 0);
}
