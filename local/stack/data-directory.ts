import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { lockDirectory } from './directory-lock.ts';

/** Files and directories that outlive a run. */
export interface DataDirectory {
  readonly tables: string;
  readonly queues: string;
  readonly secrets: string;
  /** What was made up for the Twilio account. */
  readonly twilioAccount: string;
  /** What the account holds. */
  readonly twilio: string;
  readonly ports: string;
  /** Lets another run have the directory. */
  release(): void;
}

/**
 * Takes a directory, which is made if need be; for this user's eyes only, as it holds secrets.
 * @throws StartError while another run has it.
 */
export function takeDataDirectory(directory: string): DataDirectory {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const inside = (name: string) => path.join(directory, name);
  const release = lockDirectory(directory, 'Stop it');
  return {
    tables: inside('tables'),
    queues: inside('queues'),
    secrets: inside('secrets.json'),
    twilioAccount: inside('twilio-account.json'),
    twilio: inside('twilio.bin'),
    ports: inside('ports.json'),
    release,
  };
}
