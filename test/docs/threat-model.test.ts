import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const PROJECT = path.join(import.meta.dirname, '..', '..');
const read = (file: string): string => readFileSync(path.join(PROJECT, file), 'utf8');

const rows = read('docs/threat-model.md')
  .split('\n')
  .filter((line) => /^\| .*\*\*[STRIDE]\*\*/.test(line));

describe('docs/threat-model.md', () => {
  test('names a test for each threat', () => {
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) expect(row).toMatch(/`test\/[\w/.-]+\.ts`/);
  });

  test.each(rows.map((row) => [row.split('|')[2]?.trim(), row]))(
    'names tests that exist: %s',
    (_threat, row = '') => {
      for (const reference of row.split('|').at(-2)?.split(';') ?? []) {
        const file = /`(test\/[\w/.-]+\.ts)`/.exec(reference)?.[1] ?? '';
        expect([file, existsSync(path.join(PROJECT, file))]).toEqual([file, true]);
        const titles = [...reference.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title);
        for (const title of titles) expect(read(file)).toContain(`'${title}'`);
      }
    },
  );
});
