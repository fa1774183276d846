import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { readJsonFile, writeJsonFile } from '../json-file.ts';
import { StartError } from './start-error.ts';

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
  const lock = inside('lock.json');
  const owner = readJsonFile<{ pid: number }>(lock)?.pid;
  if (owner !== undefined && isOther(owner)) {
    throw new StartError(
      `${directory} is in use by process ${owner}. Stop it; if it is none of ours, remove ${lock}.`,
    );
  }
  writeJsonFile(lock, { pid: process.pid });
  return {
    tables: inside('tables'),
    queues: inside('queues'),
    secrets: inside('secrets.json'),
    twilioAccount: inside('twilio-account.json'),
    twilio: inside('twilio.bin'),
    ports: inside('ports.json'),
    release: () => rmSync(lock, { force: true }),
  };
}

/** Is this a process that runs? A killed one leaves its lock behind. */
function isOther(pid: number): boolean {
  try {
    return pid !== process.pid && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
