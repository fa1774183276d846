import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
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
  const owner = ownerIn(lock);
  if (owner !== undefined && isRunning(owner) && owner.pid !== process.pid) {
    throw new StartError(
      `${directory} is in use by process ${owner.pid}. Stop it; if it is none of ours, remove ${lock}.`,
    );
  }
  writeJsonFile(lock, { pid: process.pid, startedAt: startOf(process.pid) });
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

/** @returns undefined also for a lock that was cut off, as by a loss of power: it is nobody's any more. */
function ownerIn(lock: string): Owner | undefined {
  try {
    const owner = readJsonFile<Partial<Owner> | null>(lock);
    const { pid = 0 } = owner ?? {};
    return Number.isInteger(pid) && pid > 0 ? { ...owner, pid } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The process that has a directory; a killed one leaves its lock behind. */
interface Owner {
  readonly pid: number;
  /** Tells it from a later process with its id; undefined where the system does not say. */
  readonly startedAt?: string | undefined;
}

function isRunning({ pid, startedAt }: Owner): boolean {
  if (startedAt !== undefined) return startOf(pid) === startedAt;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * When a process was started; undefined for one that has ended, also while nobody has asked for
 * its exit code: such a one still takes signals. Undefined on Windows, too.
 */
function startOf(pid: number): string | undefined {
  return process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
}

/** Counted from the start of the machine, which is named as well. Source: proc_pid_stat(5). */
function startOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = 'X', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return 'ZX'.includes(state) ? undefined : `${boot} ${fields[18]}`;
  } catch {
    return undefined;
  }
}

function startByPs(pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { LC_ALL: 'C', PATH: process.env['PATH'] },
  });
  const [state = '', ...start] = (stdout ?? '').trim().split(/\s+/);
  return state === '' || state.startsWith('Z') ? undefined : start.join(' ');
}
