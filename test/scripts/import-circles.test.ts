import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const BIOME = require.resolve('@biomejs/biome/bin/biome');
const RULES = ['biome.json', 'package.json', 'scripts/lint'];

/** By folder, what two files import of each other. */
const IMPORTS = {
  types: ["import type { B } from './b.ts';", "import type { A } from './a.ts';"],
  subpath: ["import type { B } from '#test/subpath/b';", "import type { A } from './a.ts';"],
  export: ["import type { B } from './b.ts';", "export type { A } from './a.ts';"],
  hidden: ["export type X = import('./b.ts').B;", "import type { A } from './a.ts';"],
  straight: ["import type { B } from './b.ts';", ''],
};

describe('the linter', () => {
  const tree = mkdtempSync(join(tmpdir(), 'flex-channel-lint-'));
  let broken: readonly { category: string; location: { path: string } }[];

  beforeAll(() => {
    for (const name of RULES) cpSync(name, join(tree, name), { recursive: true });
    for (const [folder, [a, b]] of Object.entries(IMPORTS)) {
      write(`test/${folder}/a.ts`, `${a}\n\nexport type A = B | 1;\n`);
      write(`test/${folder}/b.ts`, `${b}\n\nexport type B = 2;\n`);
    }
    const ran = spawnSync(process.execPath, [BIOME, 'lint', '--reporter=json', '.'], {
      cwd: tree,
      encoding: 'utf8',
    });
    broken = JSON.parse(ran.stdout).diagnostics;
  });

  afterAll(() => rmSync(tree, { recursive: true }));

  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(tree, name)), { recursive: true });
    writeFileSync(join(tree, name), text);
  };
  const rulesBrokenIn = (path: string) =>
    broken.filter(({ location }) => location.path === path).map(({ category }) => category);

  it.each(['types', 'subpath', 'export'] as const)('refuses a circle of types: %s', (folder) => {
    expect(rulesBrokenIn(`test/${folder}/a.ts`)).toContain('lint/suspicious/noImportCycles');
    expect(rulesBrokenIn(`test/${folder}/b.ts`)).toContain('lint/suspicious/noImportCycles');
  });

  it('refuses import(…) as a type, in which it would not see a circle', () => {
    expect(rulesBrokenIn('test/hidden/a.ts')).toContain('plugin');
  });

  it('takes types that are imported in one direction', () => {
    expect(rulesBrokenIn('test/straight/a.ts')).toEqual([]);
    expect(rulesBrokenIn('test/straight/b.ts')).toEqual([]);
  });
});
