import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import type { Figure } from './figure.ts';

const DIRECTORY = path.join(import.meta.dirname, '..', 'results');

/** Writes `bench/results/<date>-<processor>.json`. @returns its path. */
export function writeResults(figures: readonly Figure[]): string {
  const [cpu] = cpus();
  const model = cpu?.model.trim() ?? 'unknown';
  const at = new Date().toISOString();
  const machine = {
    cpu: model,
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
  const slug = model
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const file = path.join(DIRECTORY, `${at.slice(0, 10)}-${slug}.json`);
  mkdirSync(DIRECTORY, { recursive: true });
  const results = { at, commit: commit(), machine, figures };
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
  return file;
}

/** Undefined outside of a repository. */
function commit(): string | undefined {
  try {
    const directory = import.meta.dirname;
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: directory, stdio: 'pipe' })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}
