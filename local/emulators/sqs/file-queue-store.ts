import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { QueueChange, QueueMessage, QueueState, QueueStore, SentId } from './queue-store.ts';

/** Changes after which a log is written anew, as the state that they led to. */
const MAX_CHANGES = 10_000;

type Entry = { readonly state: QueueState } | QueueChange;

interface Log {
  readonly file: number;
  changes: number;
}

/**
 * Keeps queues as one append-only log each. A change is with the operating system before `save`
 * returns: what was accepted survives the end of this process, though not that of the machine.
 */
export class FileQueueStore implements QueueStore {
  readonly #directory: string;
  readonly #logs = new Map<string, Log>();

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  load(queueName: string): QueueState | undefined {
    const entries = readEntries(this.#fileOf(queueName));
    if (entries.length === 0) return undefined;
    const replay = new Replay();
    for (const entry of entries) replay.apply(entry);
    return replay.state;
  }

  save(queueName: string, change: QueueChange, state: () => QueueState): void {
    const log = this.#logs.get(queueName);
    if (log === undefined || log.changes >= MAX_CHANGES) {
      this.#rewrite(queueName, state());
      return;
    }
    append(log.file, change);
    log.changes += 1;
  }

  close(): void {
    for (const { file } of this.#logs.values()) closeSync(file);
    this.#logs.clear();
  }

  /** A process that ends in between leaves the old log as it was. */
  #rewrite(queueName: string, state: QueueState): void {
    const old = this.#logs.get(queueName);
    const file = openSync(this.#fileOf(`${queueName}.new`), 'w', 0o600);
    append(file, { state });
    renameSync(this.#fileOf(`${queueName}.new`), this.#fileOf(queueName));
    if (old !== undefined) closeSync(old.file);
    this.#logs.set(queueName, { file, changes: 0 });
  }

  #fileOf(queueName: string): string {
    return path.join(this.#directory, `${queueName}.jsonl`);
  }
}

function append(file: number, entry: Entry): void {
  const line = Buffer.from(`${JSON.stringify(entry)}\n`);
  for (let written = 0; written < line.length; ) written += writeSync(file, line, written);
}

/** The last line may have been cut off half-way: nobody was told that it was accepted. */
function readEntries(file: string): Entry[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
}

/** What a log says so far. */
class Replay {
  #sent = 0;
  readonly #messages = new Map<string, QueueMessage>();
  readonly #sentIds = new Map<string, SentId>();

  apply(entry: Entry): void {
    if ('state' in entry) this.#start(entry.state);
    else if ('removed' in entry) for (const id of entry.removed) this.#messages.delete(id);
    else {
      this.#sent = entry.sent;
      this.#messages.set(entry.put.messageId, entry.put);
      if (entry.sentId) this.#sentIds.set(entry.sentId.key, entry.sentId);
    }
  }

  #start({ sent, messages, sentIds }: QueueState): void {
    this.#sent = sent;
    for (const message of messages) this.#messages.set(message.messageId, message);
    for (const sentId of sentIds) this.#sentIds.set(sentId.key, sentId);
  }

  /**
   * Nobody holds a delivery any more that an earlier process made: it can come again at once. What
   * was sent with a delay goes on waiting.
   */
  get state(): QueueState {
    const messages = [...this.#messages.values()];
    return {
      sent: this.#sent,
      messages: messages.map((message) =>
        message.delivery === undefined ? message : { ...message, hiddenUntilMs: 0 },
      ),
      sentIds: [...this.#sentIds.values()],
    };
  }
}
