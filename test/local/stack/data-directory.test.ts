import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { takeDataDirectory } from '#local/stack/data-directory';

const aPath = () => path.join(mkdtempSync(path.join(tmpdir(), 'data-')), 'kept');

/** A process that lives until it is killed. */
const aProcess = () => spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)']);

const lockedBy = (directory: string, pid: number | undefined) =>
  writeFileSync(path.join(directory, 'lock.json'), JSON.stringify({ pid }));

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

  test('can be taken again once it was released', () => {
    const directory = aPath();
    takeDataDirectory(directory).release();

    expect(() => takeDataDirectory(directory)).not.toThrow();
  });
});
