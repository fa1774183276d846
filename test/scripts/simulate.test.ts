import { execFile } from 'node:child_process';
import path from 'node:path';

const PROJECT = path.join(import.meta.dirname, '..', '..');

function run(...args: string[]) {
  const node = path.join(PROJECT, 'node_modules', '.bin', 'node');
  return new Promise<{ code: number | string; stdout: string; stderr: string }>((resolve) => {
    execFile(node, ['scripts/simulate.ts', ...args], { cwd: PROJECT }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

describe('simulate', () => {
  test('runs as many seeds as it is told, and says so', async () => {
    const { code, stdout, stderr } = await run('--seeds', '3', '--from', '7');

    expect(code).toBe(0);
    expect(stdout).toBe('3 seeds from 7: no violation\n');
    expect(stderr).toContain('3 of 3 seeds');
  });

  test('replays one seed with its trace', async () => {
    const { code, stdout } = await run('--seed', '7');

    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +0\.000 C1\.1 +is opened/);
    expect(stdout).toMatch(/^seed 7, trace [0-9a-f]{8}$/m);
  });

  test.each([
    [['--seed', 'x'], '--seed is a whole number'],
    [['--seeds', '0'], '--seeds is a whole number of at least 1'],
    [['--minutes', '1.5'], '--minutes is a whole number'],
    [['--seed', '1', '--from', '2'], 'goes with no other option'],
    [['--sede', '1'], "Unknown option '--sede'"],
  ])('refuses %j and tells how it is used', async (args, problem) => {
    const { code, stderr } = await run(...args);

    expect(code).toBe(2);
    expect(stderr).toContain(problem);
    expect(stderr).toContain('usage: simulate');
  });
});
