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
  #works = true;

  constructor(storage: SafeStorage) {
    this.#storage = storage;
  }

  /** The one to resume, which is stored unless that is impossible. */
  get current(): StoredSession | undefined {
    const text = this.#works ? this.#storage.read(KEY) : null;
    // The site may have cleared its storage, or there is room again.
    if (text === null && this.#known) this.save(this.#known);
    // Another tab may have stored a later one.
    this.#known = parseSession(text) ?? this.#known;
    return this.#known;
  }

  /** Forgets what this page knows of it. */
  release(): void {
    this.#known = undefined;
  }

  /** The id of the stored one, whatever this page knows. */
  get storedId(): string | undefined {
    return parseSession(this.#storage.read(KEY))?.sessionId;
  }

  /** Whether the storage has one, whatever this page knows. */
  get isStored(): boolean {
    return this.#storage.read(KEY) !== null;
  }

  /** Whether the last one that was to be kept is kept. */
  get works(): boolean {
    return this.#works;
  }

  /** @param session undefined: there is none to resume. */
  save(session: StoredSession | undefined): void {
    this.#known = session;
    if (session) this.#works = this.#storage.write(KEY, JSON.stringify(session));
    else this.#storage.remove(KEY);
  }
}

function parseSession(text: string | null | undefined): StoredSession | undefined {
  const { sessionId, token } = parseObject(text ?? '') ?? {};
  return typeof sessionId === 'string' && typeof token === 'string'
    ? { sessionId, token }
    : undefined;
}
