import type { KeyValueStorage } from '../platform/environment.ts';

/** Changes with what is stored; other versions are left alone. */
const FORMAT = 1;

/** The part of a storage that belongs to one server. It never throws: full or forbidden storage keeps nothing, and says so. */
export class SafeStorage {
  readonly #storage: KeyValueStorage | undefined;
  readonly #prefix: string;
  #works: boolean;
  #hasFailed = false;

  constructor(storage: KeyValueStorage | undefined, serverUrl: string) {
    this.#storage = storage;
    this.#prefix = `flex-channel:${FORMAT}:${serverUrl}:`;
    this.#works = storage !== undefined;
  }

  /** Finds out whether anything can be kept. */
  probe(): void {
    this.write('probe', '');
    this.remove('probe');
  }

  /** Whether the last thing that was to be kept is kept, and nothing was refused since. */
  get works(): boolean {
    return this.#works;
  }

  /** Whether something could not be kept or read: what is stored may be old. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** @returns null when it is not there; undefined when the storage can't be read just now. */
  read(key: string): string | null | undefined {
    return this.#use((storage) => storage.getItem(this.#prefix + key));
  }

  /** @returns whether it is kept; if not, what was there before still is. */
  write(key: string, value: string): boolean {
    return (
      this.#use((storage) => {
        storage.setItem(this.#prefix + key, value);
        this.#works = true;
        return true;
      }) ?? false
    );
  }

  /** @returns whether it is gone. */
  remove(key: string): boolean {
    const isGone = this.#use((storage) => {
      storage.removeItem(this.#prefix + key);
      return true;
    });
    return isGone ?? false;
  }

  /** @returns the keys that begin like this. */
  keys(beginning: string): string[] {
    const wanted = this.#prefix + beginning;
    const all = this.#use((storage) =>
      Array.from({ length: storage.length }, (_, index) => storage.key(index)),
    );
    return (all ?? [])
      .filter((key) => typeof key === 'string')
      .filter((key) => key.startsWith(wanted))
      .map((key) => key.slice(this.#prefix.length));
  }

  #use<Value>(use: (storage: KeyValueStorage) => Value): Value | undefined {
    try {
      if (this.#storage === undefined) throw new Error('no storage');
      return use(this.#storage);
    } catch {
      this.#works = false;
      this.#hasFailed = true;
      return undefined;
    }
  }
}
