/** Writes docs/accessibility.md from the results of the tests that it names, or fails with those that failed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TESTS } from './accessibility/criteria.ts';
import { accessibilityDocument } from './accessibility/document.ts';

interface Results {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

const PROJECT = path.join(import.meta.dirname, '..');
const tests = Object.values(TESTS);

function run(): Results {
  const folder = mkdtempSync(path.join(tmpdir(), 'accessibility-'));
  const output = path.join(folder, 'results.json');
  const files = new Set(tests.map(([file]) => file));
  const names = tests.map(([, name]) => pattern(name)).join('|');
  const jest = path.join(PROJECT, 'node_modules', 'jest', 'bin', 'jest.js');
  spawnSync(process.execPath, [jest, ...files, '-t', names, '--json', '--outputFile', output], {
    cwd: PROJECT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const results = JSON.parse(readFileSync(output, 'utf8'));
  rmSync(folder, { recursive: true });
  return results;
}

const pattern = (name: string): string =>
  name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('%s', '\\S+');

const ran = run().testResults.flatMap(({ assertionResults }) => assertionResults);
const missing = tests.filter(([, name]) => {
  const own = ran.filter(({ title }) => new RegExp(`^${pattern(name)}$`).test(title));
  return own.length === 0 || own.some(({ status }) => status !== 'passed');
});
if (missing.length > 0) {
  console.error(
    `Not passed, so nothing is written:\n${missing.map(([, name]) => name).join('\n')}`,
  );
  process.exit(1);
}
const { devDependencies } = JSON.parse(readFileSync(path.join(PROJECT, 'package.json'), 'utf8'));
const file = path.join(PROJECT, 'docs', 'accessibility.md');
writeFileSync(file, accessibilityDocument(devDependencies['axe-core']));
