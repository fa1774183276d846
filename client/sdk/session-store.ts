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
  /** Serves where it can't be stored: reconnects still resume, reloads don't. */
  #unstored: StoredSession | undefined;

  constructor(storage: SafeStorage) {
    this.#storage = storage;
  }

  get session(): StoredSession | undefined {
    return this.#unstored ?? parseSession(this.#storage.read(KEY));
  }

  save(session: StoredSession): void {
    const isStored = this.#storage.write(KEY, JSON.stringify(session));
    this.#unstored = isStored ? undefined : session;
  }

  forget(): void {
    this.#unstored = undefined;
    this.#storage.remove(KEY);
  }
}

function parseSession(text: string | undefined): StoredSession | undefined {
  const { sessionId, token } = parseObject(text ?? '') ?? {};
  return typeof sessionId === 'string' && typeof token === 'string'
    ? { sessionId, token }
    : undefined;
}
