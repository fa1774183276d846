import { parseObject } from '#protocol/parse-object';
import { SafeStorage } from './safe-storage.ts';

export interface StoredSession {
  readonly sessionId: string;
  /** Resumes the session. */
  readonly token: string;
}

const KEY = 'session';

/** A storage that keeps the session, so that a reload resumes it. */
export class SessionStore extends SafeStorage {
  /** Serves where it can't be stored or read: reconnects still resume, reloads don't. */
  #known: StoredSession | undefined;
  #isStored = true;

  /** The one to resume, which is stored unless that is impossible. */
  get session(): StoredSession | undefined {
    const text = this.#isStored ? this.read(KEY) : null;
    // The site may have cleared its storage, or there is room again.
    if (text === null && this.#known) this.saveSession(this.#known);
    // Another tab may have stored a later one.
    this.#known = parseSession(text) ?? this.#known;
    return this.#known;
  }

  /** Whether the storage has one, whatever this page knows. */
  get hasSession(): boolean {
    return this.read(KEY) !== null;
  }

  override get works(): boolean {
    return super.works && this.#isStored;
  }

  /** @param session undefined: there is none to resume. */
  saveSession(session: StoredSession | undefined): void {
    this.#known = session;
    if (session) this.#isStored = this.write(KEY, JSON.stringify(session));
    else this.remove(KEY);
  }
}

function parseSession(text: string | null | undefined): StoredSession | undefined {
  const { sessionId, token } = parseObject(text ?? '') ?? {};
  return typeof sessionId === 'string' && typeof token === 'string'
    ? { sessionId, token }
    : undefined;
}
