/**
 * The customer's messages from `send` until they are seen in Flex. Pure.
 *
 * At most one message is unacknowledged at a time: the order in Flex is then the order of
 * sending. Within a session ids never change, so that sending one again is harmless.
 */
import type { Code } from '#protocol/codes';
import type { Choice } from '#protocol/content';
import { REMEMBERED_MESSAGE_IDS } from '#protocol/limits';

/** A JSON object of 2,048 bytes at most; becomes attributes of the message in Flex. */
export type Attributes = Readonly<Record<string, unknown>>;

/** As many ids as the server remembers: it recognises every message that is sent again. */
export const MAX_OUTBOX_ENTRIES = REMEMBERED_MESSAGE_IDS;

/** For a tab that knows of no others on its session: the messages of three such tabs are fewer than the server remembers. */
export const LONE_WINDOW = 6;

/** With so many failed messages, the customer has to retry or discard some before writing more. */
export const MAX_FAILED_ENTRIES = 50;

/** As `attach` was told of it. */
export interface FileEntry {
  readonly filename: string;
  readonly contentType: string;
  readonly size: number;
}

/** A message of the customer that is not in the transcript yet. */
export interface OutboxEntry {
  /** Client message id. */
  readonly id: string;
  /** Ascending in the order of sending; two tabs may pick the same one. */
  readonly order: number;
  readonly body: string;
  readonly attributes?: Attributes;
  /** What is sent in place of the body. The tab that was given its bytes uploads it. */
  readonly file?: FileEntry;
  /** How much of the file is uploaded, from 0 to 1; 1: it waits to be accepted. Absent: no tab has said so. */
  readonly progress?: number;
  readonly choice?: Choice;
  /** Number of the chat it is meant for; absent until the session is known. */
  readonly chat?: number;
  readonly createdAtMs: number;
  /**
   * `queued`: not yet sent. `sending`: sent, no reply yet; of a file: it is its turn. `sent`:
   * accepted, on its way to Flex. `failed`: will not reach Flex unless it is retried.
   */
  readonly state: 'queued' | 'sending' | 'sent' | 'failed';
  /** Why it failed. */
  readonly code?: Code;
  /** It has been sent to the session, and may be in Flex whatever its state. */
  readonly wasSent?: true;
  /** Another tab may have sent it meanwhile: it waits until all that is in Flex is known. */
  readonly isDoubtful?: true;
}

/** In the order of sending. */
export type Outbox = readonly OutboxEntry[];

export const EMPTY_OUTBOX: Outbox = [];

export function isFull(outbox: Outbox): boolean {
  const failed = outbox.filter((entry) => entry.state === 'failed').length;
  return failed >= MAX_FAILED_ENTRIES || outbox.length - failed >= MAX_OUTBOX_ENTRIES;
}

/** @returns a message that comes after all the others. */
export function newEntry(
  outbox: Outbox,
  fields: Omit<OutboxEntry, 'order' | 'state' | 'code' | 'wasSent' | 'progress'>,
): OutboxEntry {
  const order = Math.max(0, ...outbox.map((entry) => entry.order)) + 1;
  return { ...fields, order, state: 'queued' };
}

/** Puts an entry where its order says, behind its equals; one that is there already stays as it is. */
export function addEntry(outbox: Outbox, entry: OutboxEntry): Outbox {
  if (outbox.some(({ id }) => id === entry.id)) return outbox;
  // Sorting keeps the order of equals.
  return [...outbox, entry].sort((a, b) => a.order - b.order);
}

/** All entries of both, each once; where the two differ, the first outbox is right. */
export function mergeOutboxes(first: Outbox, second: Outbox): Outbox {
  return second.reduce(addEntry, first);
}

/**
 * @param window how many messages may be unconfirmed at a time.
 * @returns what to send now, first what was sent before; undefined while a reply is awaited,
 * when nothing is queued, or while the window is full.
 */
export function nextToSend(outbox: Outbox, window: number): OutboxEntry | undefined {
  if (outbox.some((entry) => entry.state === 'sending')) return undefined;
  const unconfirmed = outbox.filter(isUnconfirmed);
  const again = unconfirmed.find((entry) => entry.state === 'queued');
  const isOpen = unconfirmed.length < window;
  return again ?? (isOpen ? outbox.find((entry) => entry.state === 'queued') : undefined);
}

/** Of a file that is not uploaded, its tab has to say again that it is there. */
export function markSending(outbox: Outbox, id: string): Outbox {
  return change(outbox, id, (entry) => {
    if (entry.state !== 'queued') return entry;
    const { progress, ...kept } = entry;
    return { ...kept, state: 'sending', wasSent: true, ...(progress === 1 && { progress }) };
  });
}

export function markProgress(outbox: Outbox, id: string, progress: number): Outbox {
  return change(outbox, id, (entry) =>
    entry.state === 'sending' ? { ...entry, progress } : entry,
  );
}

/** The server has it durably. */
export function markSent(outbox: Outbox, id: string): Outbox {
  return change(outbox, id, (entry) =>
    isUnconfirmed(entry) && entry.state !== 'sent' ? { ...entry, state: 'sent' } : entry,
  );
}

/** The echo of these was seen. */
export function withoutSaid(
  outbox: Outbox,
  said: readonly { readonly id?: string | undefined }[],
): Outbox {
  const ids = new Set(outbox.length > 0 ? said.map(({ id }) => id) : []);
  return keep(outbox, (entry) => !ids.has(entry.id));
}

/** The message will not reach Flex. One that was retried and not sent yet stays: such a word is about its earlier try. */
export function markFailed(outbox: Outbox, id: string, code: Code): Outbox {
  return change(outbox, id, (entry) =>
    entry.state === 'queued' && !entry.wasSent ? entry : { ...entry, state: 'failed', code },
  );
}

/** The server could not take it now: it is next again. */
export function putBack(outbox: Outbox, id: string): Outbox {
  return change(outbox, id, (entry) =>
    entry.state === 'sending' ? { ...entry, state: 'queued' } : entry,
  );
}

/** Sent at least once, and neither seen in Flex nor refused. */
export function isUnconfirmed({ state, wasSent }: OutboxEntry): boolean {
  return wasSent === true && state !== 'failed';
}

/** Everything not seen in Flex is sent again, in the first order. */
export function resendUnconfirmed(outbox: Outbox): Outbox {
  return changeAll(outbox, (entry) =>
    isUnconfirmed(entry) && entry.state !== 'queued' ? { ...entry, state: 'queued' } : entry,
  );
}

/** Gives entries that were written before the session was known their chat. */
export function assignChat(outbox: Outbox, chat: number): Outbox {
  return changeAll(outbox, (entry) => (entry.chat === undefined ? { ...entry, chat } : entry));
}

/**
 * The session was lost and a new one begun. What was not sent yet goes to the new chat; what
 * the old session had taken may have arrived there and must not be said twice.
 */
export function moveToNewSession(outbox: Outbox, chat: number): Outbox {
  return failUnconfirmed(outbox).map((entry) =>
    entry.state === 'queued' ? { ...entry, chat } : entry,
  );
}

/**
 * The session that these were sent in is not known any more: nobody can tell what became of them. A
 * choice is words from now on, under an id that no offer of another session has.
 */
export function failUnconfirmed(outbox: Outbox): Outbox {
  return changeAll(outbox, (entry) => {
    const { choice, ...words } = entry;
    const left = choice ? { ...words, id: `${entry.id}-${entry.createdAtMs}` } : entry;
    return isUnconfirmed(left) ? { ...left, state: 'failed', code: 'undeliverable' } : left;
  });
}

/** While another tab led, nobody told what became of these: they wait until the transcript is read. */
export function markUnverified(outbox: Outbox): Outbox {
  return outbox.map((entry) => ({ ...entry, isDoubtful: true }));
}

/** A file may still arrive if its last bytes are on their way. */
export function isDiscardable({ file, progress, state }: OutboxEntry): boolean {
  return state === 'failed' || (file !== undefined && state !== 'sent' && progress !== 1);
}

/** The customer gives up a message that has failed, or a file that is not uploaded. */
export function discard(outbox: Outbox, id: string): Outbox {
  return keep(outbox, (entry) => entry.id !== id || !isDiscardable(entry));
}

/** Queues a failed message again, last, for the given chat. */
export function retryFailed(outbox: Outbox, id: string, chat: number | undefined): Outbox {
  const entry = outbox.find((candidate) => candidate.id === id);
  if (entry?.state !== 'failed') return outbox;
  const { code: _, wasSent: __, progress: ___, ...kept } = entry;
  return [
    ...discard(outbox, id),
    newEntry(outbox, { ...kept, ...(chat !== undefined && { chat }) }),
  ];
}

function keep(outbox: Outbox, isKept: (entry: OutboxEntry) => boolean): Outbox {
  const kept = outbox.filter(isKept);
  return kept.length === outbox.length ? outbox : kept;
}

function change(outbox: Outbox, id: string, to: (entry: OutboxEntry) => OutboxEntry): Outbox {
  return changeAll(outbox, (entry) => (entry.id === id ? to(entry) : entry));
}

function changeAll(outbox: Outbox, to: (entry: OutboxEntry) => OutboxEntry): Outbox {
  const changed = outbox.map(to);
  return changed.some((entry, place) => entry !== outbox[place]) ? changed : outbox;
}
