import { parseObject } from '#protocol/parse-object';
import type { SafeStorage } from './safe-storage.ts';

export interface StoredSession {
  readonly sessionId: string;
  /** Resumes the session. */
  readonly token: string;
}

const KEY = 'session';

/** Keeps the session, so that a reload resumes it. */
export class SessionStore {
  readonly #storage: SafeStorage;
  /** Serves where it can't be stored or read: reconnects still resume, reloads don't. */
  #known: StoredSession | undefined;
  #isStored = true;

  constructor(storage: SafeStorage) {
    this.#storage = storage;
  }

  get session(): StoredSession | undefined {
    // Another tab may have stored a later one.
    const stored = this.#isStored ? parseSession(this.#storage.read(KEY)) : undefined;
    this.#known = stored ?? this.#known;
    return this.#known;
  }

  /** Whether the storage has it, too. */
  get isStored(): boolean {
    return this.#isStored;
  }

  save(session: StoredSession): void {
    this.#known = session;
    this.#isStored = this.#storage.write(KEY, JSON.stringify(session));
  }

  forget(): void {
    this.#known = undefined;
    this.#storage.remove(KEY);
  }
}

function parseSession(text: string | undefined): StoredSession | undefined {
  const { sessionId, token } = parseObject(text ?? '') ?? {};
  return typeof sessionId === 'string' && typeof token === 'string'
    ? { sessionId, token }
    : undefined;
}
