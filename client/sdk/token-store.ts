import type { KeyValueStorage } from './environment.ts';

/** Keeps the session token of one server, so that a reload resumes the session. */
export class TokenStore {
  readonly #storage: KeyValueStorage;
  readonly #key: string;
  /** Serves when the storage is full or forbidden: reconnects still resume, reloads don't. */
  #token: string | undefined;

  constructor(storage: KeyValueStorage, serverUrl: string) {
    this.#storage = storage;
    this.#key = `flex-channel:${serverUrl}`;
    this.#token = attempt(() => storage.getItem(this.#key)) ?? undefined;
  }

  get token(): string | undefined {
    return this.#token;
  }

  save(token: string): void {
    this.#token = token;
    attempt(() => this.#storage.setItem(this.#key, token));
  }

  forget(): void {
    this.#token = undefined;
    attempt(() => this.#storage.removeItem(this.#key));
  }
}

function attempt<Value>(use: () => Value): Value | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
