import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { takeDataDirectory } from '#local/stack/data-directory';

const aPath = () => path.join(mkdtempSync(path.join(tmpdir(), 'data-')), 'kept');

/** A process that lives until it is killed. */
const aProcess = () => spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)']);

const lockedBy = (directory: string, pid: number | undefined, startedAt?: string) =>
  writeFileSync(path.join(directory, 'lock.json'), JSON.stringify({ pid, startedAt }));

/** Takes the directory in a process of its own, which then waits. @returns the process. */
async function takenElsewhere(directory: string, shell: string) {
  const module = path.join(
    import.meta.dirname,
    '..',
    '..',
    '..',
    'local',
    'stack',
    'data-directory.ts',
  );
  const take = `const { takeDataDirectory } = await import(${JSON.stringify(module)});
    takeDataDirectory(${JSON.stringify(directory)}); console.log(process.pid); setInterval(() => {}, 1000);`;
  const child = spawn('/bin/sh', ['-c', shell, process.execPath, take]);
  const [pid] = await once(child.stdout, 'data');
  return { child, pid: Number(pid) };
}

describe('takeDataDirectory', () => {
  test('makes the directory, for this user only', () => {
    const directory = aPath();

    takeDataDirectory(directory);

    expect(statSync(directory).mode & 0o077).toBe(0);
  });

  test('is refused while another process has it, and not once that was killed', async () => {
    const directory = aPath();
    takeDataDirectory(directory).release();
    const other = aProcess();
    lockedBy(directory, other.pid);

    expect(() => takeDataDirectory(directory)).toThrow(`in use by process ${other.pid}`);
    other.kill('SIGKILL');
    await once(other, 'exit');

    expect(() => takeDataDirectory(directory)).not.toThrow();
  });

  const onLinux = process.platform === 'linux' ? test : test.skip;

  onLinux('is free once its owner was killed, though nobody asks for its exit code', async () => {
    const directory = aPath();
    // The shell becomes a program that never waits for its child.
    const { child, pid } = await takenElsewhere(
      directory,
      '"$0" --input-type=module --eval "$1" & exec sleep 60',
    );

    expect(() => takeDataDirectory(directory)).toThrow(`in use by process ${pid}`);
    process.kill(pid, 'SIGKILL');
    while (!readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }

    expect(() => takeDataDirectory(directory)).not.toThrow();
    child.kill('SIGKILL');
  });

  onLinux('is free when another process has the id of its owner', () => {
    const directory = aPath();
    takeDataDirectory(directory).release();
    lockedBy(directory, process.ppid, '1');

    expect(() => takeDataDirectory(directory)).not.toThrow();
  });

  onLinux('is free when the machine was started anew since, whatever runs by now', () => {
    const directory = aPath();
    takeDataDirectory(directory).release();
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    const sinceBoot = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    lockedBy(directory, process.ppid, `an-earlier-boot ${sinceBoot}`);

    expect(() => takeDataDirectory(directory)).not.toThrow();
  });

  test.each([
    ['empty', ''],
    ['cut off', '{ "pid": 12'],
    ['no object', 'null'],
    ['without a process', '{}'],
    ['of the group of processes', '{ "pid": 0 }'],
    ['of all processes', '{ "pid": -1 }'],
    ['of no number', '{ "pid": "1" }'],
  ])('is free when its lock is %s', (_, lock) => {
    const directory = aPath();
    takeDataDirectory(directory).release();
    writeFileSync(path.join(directory, 'lock.json'), lock);

    expect(() => takeDataDirectory(directory)).not.toThrow();
  });

  test('can be taken again once it was released', () => {
    const directory = aPath();
    takeDataDirectory(directory).release();

    expect(() => takeDataDirectory(directory)).not.toThrow();
  });
});
