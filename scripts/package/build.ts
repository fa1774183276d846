/**
 * Builds what `npm pack` packs: the client, the widget and the script tag, for browsers of 2021,
 * without TypeScript and without anything that a page would have to install.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build, type Plugin, transform } from 'esbuild';
import { writeDeclarations } from './declarations.ts';
import { wholeChunks } from './whole-chunks.ts';

const PROJECT = path.join(import.meta.dirname, '..', '..');
const PANEL = 'client/widget/panel/panel.ts';
/** As docs/client.md says. */
const BROWSERS = ['safari15', 'chrome90', 'firefox91'];

export interface BuiltFile {
  /** Below the output folder. */
  readonly name: string;
  readonly bytes: number;
  readonly gzipBytes: number;
  /** For the `integrity` attribute of a script tag. */
  readonly integrity: string;
}

/** @returns what was written. */
export async function buildPackage(outdir: string): Promise<readonly BuiltFile[]> {
  await rm(outdir, { recursive: true, force: true });
  const client = await bundle({
    entryPoints: { client: 'client/sdk/index.ts' },
    minify: false,
    outdir,
  });
  const widget = await bundle({
    entryPoints: { widget: 'client/widget/index.ts', panel: PANEL },
    chunkNames: '[name]-[hash]',
    splitting: true,
    outdir,
  });
  const embed = await bundle({
    entryPoints: { embed: 'client/widget/embed.ts' },
    format: 'iife',
    // A classic script is read in the page's encoding.
    charset: 'ascii',
    outdir,
  });
  await writeDeclarations(path.join(outdir, 'types'));
  const files = [client, widget, embed].flatMap(({ outputFiles = [] }) => outputFiles);
  await mkdir(outdir, { recursive: true });
  return Promise.all(
    files.map(async ({ path: file, contents }) => {
      await writeFile(file, contents);
      return describe(path.relative(outdir, file), contents);
    }),
  );
}

function bundle(options: BuildOptions) {
  return build({
    absWorkingDir: PROJECT,
    bundle: true,
    charset: 'utf8',
    format: 'esm',
    minify: true,
    target: BROWSERS,
    jsx: 'automatic',
    jsxImportSource: '#client/widget/jsx',
    plugins: [styleText, wholeChunks],
    legalComments: 'none',
    write: false,
    ...options,
  });
}

/** `import css from './x.css'` gives the minified text, for a constructed style sheet. */
const styleText: Plugin = {
  name: 'style-text',
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path: file }) => {
      const css = await readFile(file, 'utf8');
      const { code } = await transform(css, { loader: 'css', minify: true, target: BROWSERS });
      return { loader: 'text', contents: code.trim() };
    });
  },
};

function describe(name: string, contents: Uint8Array): BuiltFile {
  return {
    name,
    bytes: contents.byteLength,
    gzipBytes: gzipSync(contents, { level: 9 }).byteLength,
    integrity: `sha384-${createHash('sha384').update(contents).digest('base64')}`,
  };
}
