/** Lets one process at a time have a directory. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readJsonFile } from '../json-file.ts';
import { StartError } from './start-error.ts';

/** The process that has a directory; a killed one leaves its lock behind. */
interface Owner {
  readonly pid: number;
  /** Tells it from a later process with its id; undefined where the system does not say. */
  readonly startedAt?: string | undefined;
}

/**
 * Takes a directory, which has to be there. The lock of a process that has ended is taken over.
 * @param cure what the user can do while another process has it.
 * @returns lets another run have the directory.
 * @throws StartError while another process has it.
 */
export function lockDirectory(directory: string, cure: string): () => void {
  const lock = path.join(directory, 'lock.json');
  while (!isWritten(lock)) {
    const owner = ownerIn(lock);
    if (owner !== undefined && owner.pid !== process.pid && isRunning(owner)) {
      throw new StartError(
        `${directory} is in use by process ${owner.pid}. ${cure}; if it is none of ours, remove ${lock}.`,
      );
    }
    rmSync(lock, { force: true });
  }
  return () => rmSync(lock, { force: true });
}

/** Of several processes that try at once, one succeeds. */
function isWritten(lock: string): boolean {
  const owner: Owner = { pid: process.pid, startedAt: startOf(process.pid) };
  try {
    writeFileSync(lock, JSON.stringify(owner), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
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
