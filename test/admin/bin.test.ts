import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const bin = (...args: string[]) =>
  spawnSync(process.execPath, ['admin/bin.mjs', ...args], { encoding: 'utf8', timeout: 30_000 });

describe('the executable flex-channel', () => {
  test('shows the commands on standard output', () => {
    const { status, stdout } = bin('--help');

    expect(status).toBe(0);
    expect(stdout).toMatch(/provision.*doctor.*status.*teardown.*secrets set/s);
  });

  test('passes the exit code on, and tells failures on standard error only', () => {
    const { status, stdout, stderr } = bin('doctor');

    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Pass --stage <name> or --config <path>.');
  });

  test('holds nothing that an older Node could not read', () => {
    const source = readFileSync('admin/bin.mjs', 'utf8');

    expect(source.startsWith('#!/usr/bin/env node\n')).toBe(true);
    expect(source.match(/from '(.*)'/g)).toEqual([
      "from 'node:child_process'",
      "from 'node:fs'",
      "from 'node:url'",
    ]);
  });
});
