import * as v from 'valibot';
import { type ChannelSid, sessionId } from '#core/ids';
import type { ChannelIndex } from '#core/ports';
import type { ChatRef } from '#core/session';
import type { DynamoTable } from './dynamo-table.ts';
import { parseStored } from './parse-stored.ts';
import { channelKey, isLive, toExpiresAt } from './table-items.ts';

const ChannelItemSchema = v.object({
  sessionId: v.pipe(v.string(), v.transform(sessionId)),
  chat: v.number(),
  expiresAt: v.number(),
});

/**
 * Pointers from channel to chat, as items of the table: a secondary index is not strongly
 * consistent.
 */
export class DynamoChannelIndex implements ChannelIndex {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  async link(channel: ChannelSid, chat: ChatRef, expiresAtMs: number): Promise<void> {
    await this.#table.put({
      ...channelKey(channel),
      sessionId: chat.sessionId,
      chat: chat.number,
      expiresAt: toExpiresAt(expiresAtMs),
    });
  }

  async find(channel: ChannelSid, nowMs: number): Promise<ChatRef | undefined> {
    const stored = await this.#table.get(channelKey(channel));
    if (stored === undefined) return undefined;
    const item = parseStored(ChannelItemSchema, stored, 'channel item');
    return isLive(item, nowMs) ? { sessionId: item.sessionId, number: item.chat } : undefined;
  }
}
