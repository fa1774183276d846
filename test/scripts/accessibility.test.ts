import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CRITERIA, TESTS } from '../../scripts/accessibility/criteria';
import { accessibilityDocument } from '../../scripts/accessibility/document';

const read = (file: string) => readFileSync(path.join(__dirname, '..', '..', file), 'utf8');

describe('docs/accessibility.md', () => {
  test('is what npm run accessibility writes', () => {
    const { devDependencies } = JSON.parse(read('package.json'));

    expect(read('docs/accessibility.md')).toBe(accessibilityDocument(devDependencies['axe-core']));
  });

  test('has each criterion of WCAG 2.2 A and AA once', () => {
    const ids = new Set(CRITERIA.map(({ id }) => id));

    expect(ids.size).toBe(CRITERIA.length);
    expect(CRITERIA.filter(({ level }) => level === 'A')).toHaveLength(31);
    expect(CRITERIA.filter(({ level }) => level === 'AA')).toHaveLength(24);
  });

  test.each(Object.values(TESTS))('names a test that is there: %s, %s', (file, name) => {
    expect(read(file)).toContain(`'${name}'`);
  });

  test('uses each test that it lists', () => {
    const used = new Set(CRITERIA.flatMap(({ tests }) => tests));

    expect(Object.keys(TESTS).filter((key) => !used.has(key as keyof typeof TESTS))).toEqual([]);
  });
});
