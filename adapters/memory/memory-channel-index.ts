import type { ChannelSid } from '#core/ids';
import type { ChannelIndex } from '#core/ports';
import type { ChatRef } from '#core/session';
import { live, MemoryTable } from './memory-table.ts';

/** Channels in memory. */
export class MemoryChannelIndex implements ChannelIndex {
  readonly #table: MemoryTable;

  constructor(table = new MemoryTable()) {
    this.#table = table;
  }

  async link(channel: ChannelSid, chat: ChatRef, expiresAtMs: number): Promise<void> {
    this.#table.channels.set(channel, { chat, expiresAtMs });
  }

  async find(channel: ChannelSid, nowMs: number): Promise<ChatRef | undefined> {
    return live(this.#table.channels.get(channel), nowMs)?.chat;
  }
}
