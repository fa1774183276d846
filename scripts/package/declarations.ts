/** The package's types: the compiler's declarations, made independent of this repository's import names. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { contentTypes, eventTypes, frameTypes } from './plain-types.ts';

const PROJECT = path.join(import.meta.dirname, '..', '..');

/** Replaced, because the schemas behind them need a library. */
const PLAIN: Readonly<Record<string, () => string>> = {
  'protocol/content.d.ts': contentTypes,
  'protocol/events.d.ts': eventTypes,
  'protocol/frames.d.ts': frameTypes,
};

/** Writes the declarations of client and widget, as a tree like the sources'. */
export async function writeDeclarations(outdir: string): Promise<void> {
  const compiled = await mkdtemp(path.join(tmpdir(), 'flex-channel-types-'));
  try {
    await promisify(execFile)(
      process.execPath,
      [
        path.join(PROJECT, 'node_modules', 'typescript', 'bin', 'tsc'),
        ...['-p', 'tsconfig.client.json', '--noEmit', 'false', '--declaration'],
        ...['--emitDeclarationOnly', '--rootDir', '.', '--outDir', compiled],
      ],
      { cwd: PROJECT },
    );
    for (const name of await readdir(compiled, { recursive: true })) {
      if (!/^(client|protocol)\/.*\.d\.ts$/.test(name)) continue;
      const text = PLAIN[name]?.() ?? (await readFile(path.join(compiled, name), 'utf8'));
      await mkdir(path.join(outdir, path.dirname(name)), { recursive: true });
      await writeFile(path.join(outdir, name), withPlainImports(text, name));
    }
  } finally {
    await rm(compiled, { recursive: true });
  }
}

/** `#protocol/x` and `./x.ts` become relative paths to `.js`, which every resolver knows. */
function withPlainImports(text: string, name: string): string {
  const up = path.relative(path.dirname(name), '.') || '.';
  return text
    .replace(/(from |import\()(["'])#(client|protocol)\/([^"']+)\2/g, `$1$2${up}/$3/$4.js$2`)
    .replace(/(from |import\()(["'])(\.[^"']+)\.tsx?\2/g, '$1$2$3.js$2');
}
