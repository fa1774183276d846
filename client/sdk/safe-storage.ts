import type { KeyValueStorage } from './environment.ts';

/** Changes with what is stored; other versions are left alone. */
const FORMAT = 1;

/** The part of a storage that belongs to one server. Never throws: full and forbidden storage just doesn't keep anything. */
export class SafeStorage {
  readonly #storage: KeyValueStorage | undefined;
  readonly #prefix: string;
  #works: boolean;
  #hasFailed = false;

  constructor(storage: KeyValueStorage | undefined, serverUrl: string) {
    this.#storage = storage;
    this.#prefix = `flex-channel:${FORMAT}:${serverUrl}:`;
    this.#works = storage !== undefined;
    this.write('probe', '');
    this.remove('probe');
  }

  /** Whether the last thing that was to be kept is kept. */
  get works(): boolean {
    return this.#works;
  }

  /** Whether something could not be kept or read: what is stored may be old. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  read(key: string): string | undefined {
    const value = attempt(() => this.#storage?.getItem(this.#prefix + key) ?? null);
    this.#hasFailed ||= value === undefined;
    return value ?? undefined;
  }

  /** @returns whether it is kept; if not, what was there before still is. */
  write(key: string, value: string): boolean {
    this.#works = attempt(() => this.#set(key, value)) ?? false;
    this.#hasFailed ||= !this.#works;
    return this.#works;
  }

  remove(key: string): void {
    attempt(() => this.#storage?.removeItem(this.#prefix + key));
  }

  /** Those that begin like this. */
  keys(beginning: string): string[] {
    const length = attempt(() => this.#storage?.length) ?? 0;
    const all = Array.from({ length }, (_, index) => attempt(() => this.#storage?.key(index)));
    const wanted = this.#prefix + beginning;
    return all
      .filter((key) => typeof key === 'string')
      .filter((key) => key.startsWith(wanted))
      .map((key) => key.slice(this.#prefix.length));
  }

  #set(key: string, value: string): boolean {
    this.#storage?.setItem(this.#prefix + key, value);
    return this.#storage !== undefined;
  }
}

function attempt<Value>(use: () => Value): Value | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
