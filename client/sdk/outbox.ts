/**
 * The customer's messages from `send` until they are seen in Flex. Pure.
 *
 * At most one message is unacknowledged at a time: the order in Flex is then the order of
 * sending. Ids never change, so that sending one again is harmless.
 */
import type { Code } from '#protocol/codes';
import { REMEMBERED_MESSAGE_IDS } from '#protocol/limits';

/** No more than the server remembers ids of: whatever is sent again is recognised. */
export const MAX_OUTBOX_ENTRIES = REMEMBERED_MESSAGE_IDS;

export interface OutboxEntry {
  /** Client message id. */
  readonly id: string;
  readonly body: string;
  /** Number of the chat it is meant for; absent until the session is known. */
  readonly chat?: number;
  readonly createdAtMs: number;
  /**
   * `queued`: not yet sent. `sending`: sent, no reply yet. `sent`: accepted, on its way to
   * Flex. `failed`: will not reach Flex unless it is retried.
   */
  readonly state: 'queued' | 'sending' | 'sent' | 'failed';
  /** Why it failed. */
  readonly code?: Code;
}

/** In the order of sending. */
export type Outbox = readonly OutboxEntry[];

export const EMPTY_OUTBOX: Outbox = [];

/** Entries that the server may have to recognise when they are sent again. */
export function unsettled(outbox: Outbox): Outbox {
  return outbox.filter((entry) => entry.state !== 'failed');
}

export function isFull(outbox: Outbox): boolean {
  return unsettled(outbox).length >= MAX_OUTBOX_ENTRIES;
}

export function enqueue(outbox: Outbox, entry: Omit<OutboxEntry, 'state' | 'code'>): Outbox {
  return [...outbox, { ...entry, state: 'queued' }];
}

/** @returns what to send now: undefined while a reply is awaited or when nothing is queued. */
export function nextToSend(outbox: Outbox): OutboxEntry | undefined {
  if (outbox.some((entry) => entry.state === 'sending')) return undefined;
  return outbox.find((entry) => entry.state === 'queued');
}

export function markSending(outbox: Outbox, id: string): Outbox {
  return change(outbox, id, (entry) =>
    entry.state === 'queued' ? { ...entry, state: 'sending' } : entry,
  );
}

/** The server has it durably. */
export function markSent(outbox: Outbox, id: string): Outbox {
  return change(outbox, id, (entry) =>
    entry.state === 'queued' || entry.state === 'sending' ? { ...entry, state: 'sent' } : entry,
  );
}

/** Its echo was seen: it is in Flex, and from now on a message of the transcript. */
export function markDelivered(outbox: Outbox, id: string): Outbox {
  return outbox.some((entry) => entry.id === id)
    ? outbox.filter((entry) => entry.id !== id)
    : outbox;
}

export function markFailed(outbox: Outbox, id: string, code: Code): Outbox {
  return change(outbox, id, (entry) => ({ ...entry, state: 'failed', code }));
}

/** The server could not take it now: it is next again. */
export function putBack(outbox: Outbox, id: string): Outbox {
  return change(outbox, id, (entry) =>
    entry.state === 'sending' ? { ...entry, state: 'queued' } : entry,
  );
}

/**
 * After a reconnect: everything not seen in Flex is sent again, in the first order. That
 * includes accepted messages, because the event that tells of their fate may be lost.
 */
export function resendUnsettled(outbox: Outbox): Outbox {
  return outbox.map((entry) =>
    entry.state === 'sending' || entry.state === 'sent' ? { ...entry, state: 'queued' } : entry,
  );
}

/** Gives entries that were written before the session was known their chat. */
export function address(outbox: Outbox, chat: number): Outbox {
  return outbox.map((entry) => (entry.chat === undefined ? { ...entry, chat } : entry));
}

/**
 * The session was lost and a new one begun. What was not sent yet goes to the new chat; what
 * the old session had taken may have arrived there and must not be said twice.
 */
export function moveToNewSession(outbox: Outbox, chat: number): Outbox {
  return outbox.map((entry) => {
    if (entry.state === 'queued') return { ...entry, chat };
    return entry.state === 'failed' ? entry : { ...entry, state: 'failed', code: 'undeliverable' };
  });
}

/** Queues a failed message again, last, for the given chat. */
export function retryFailed(outbox: Outbox, id: string, chat: number | undefined): Outbox {
  const entry = outbox.find((candidate) => candidate.id === id);
  if (entry?.state !== 'failed') return outbox;
  const { code: _, chat: formerChat, ...kept } = entry;
  const target = chat ?? formerChat;
  return [
    ...outbox.filter((candidate) => candidate.id !== id),
    { ...kept, state: 'queued', ...(target !== undefined && { chat: target }) },
  ];
}

function change(outbox: Outbox, id: string, to: (entry: OutboxEntry) => OutboxEntry): Outbox {
  return outbox.map((entry) => (entry.id === id ? to(entry) : entry));
}
