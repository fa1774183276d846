import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { TwilioAccount } from '../options.ts';
import { STATE_KEYS, type WorldState } from './world-state.ts';

/** Raised whenever a state can no longer be read by a newer simulator. */
const FORMAT = 1;

interface Content {
  readonly format: number;
  /** SIDs of account, service and workspace. */
  readonly owner: string;
  readonly state: WorldState;
}

/**
 * Keeps everything an account holds in one file, written anew after each change: small as a
 * developer's account is, that costs less than what it would take to tell changes apart.
 */
export class WorldFile {
  readonly #file: string;
  readonly #owner: string;
  #state: WorldState | undefined;
  #saving: Promise<void> = Promise.resolve();
  #isDirty = false;

  constructor(file: string, { accountSid, chatServiceSid, workspaceSid }: TwilioAccount) {
    this.#file = file;
    this.#owner = [accountSid, chatServiceSid, workspaceSid].join();
  }

  /**
   * @returns undefined when nothing was kept yet.
   * @throws Error when it was kept for another account or by another version.
   */
  load(): WorldState | undefined {
    let bytes: Buffer;
    try {
      bytes = readFileSync(this.#file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    const { format, owner, state } = parse(bytes);
    if (format === FORMAT && owner === this.#owner) return state;
    const other = format === FORMAT ? 'account' : 'version';
    throw new Error(`${this.#file} was kept by another ${other} of the simulator: remove it`);
  }

  /** Says what is to be kept. */
  watch(state: WorldState): void {
    this.#state = state;
    this.touch();
  }

  /** Something has changed. All changes of one turn of the event loop are written together. */
  touch(): void {
    if (this.#isDirty) return;
    this.#isDirty = true;
    this.#saving = new Promise((resolve, reject) => {
      setImmediate(() => {
        try {
          this.#save();
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** Resolves once all that has happened so far outlives this process. */
  kept(): Promise<void> {
    return this.#saving;
  }

  /** Writes all or nothing. */
  #save(): void {
    this.#isDirty = false;
    const state = Object.fromEntries(STATE_KEYS.map((key) => [key, this.#state?.[key]]));
    const content = { format: FORMAT, owner: this.#owner, state };
    writeFileSync(`${this.#file}.new`, serialize(content), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}

/** Nothing of ours has a format that is undefined. */
function parse(bytes: Buffer): Partial<Content> {
  try {
    return deserialize(bytes);
  } catch {
    return {};
  }
}
