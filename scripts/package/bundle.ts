/** The bundles of the client and the widget, in memory: for browsers of 2021, without TypeScript. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { minify } from '@swc/core';
import { type BuildOptions, build, type Metafile, type Plugin, transform } from 'esbuild';
import { wholeChunks } from './whole-chunks.ts';

export const PROJECT = path.join(import.meta.dirname, '..', '..');
const PANEL = 'client/widget/panel/panel.ts';
/** As docs/client.md says. */
const BROWSERS = ['safari15', 'chrome91', 'firefox91'];

export interface BundledFile {
  /** Without a folder. */
  readonly name: string;
  readonly contents: Uint8Array;
}

export interface WidgetBundles {
  /** The module for bundlers, and the chunks that both ways share. */
  readonly modules: readonly BundledFile[];
  /** The classic script. It knows its first chunk by name, and so by content. */
  readonly embed: BundledFile;
  /** Names of all chunks that the classic script may load. */
  readonly embedChunks: readonly string[];
}

export async function bundleClient(): Promise<readonly BundledFile[]> {
  const { files } = await bundle({
    entryPoints: { client: 'client/sdk/index.ts' },
    chunkNames: 'client-[name]-[hash]',
    splitting: true,
    minify: false,
  });
  return files;
}

export async function bundleWidget(): Promise<WidgetBundles> {
  const { files: modules, metafile } = await bundle({
    entryPoints: { widget: 'client/widget/index.ts' },
    chunkNames: '[name]-[hash]',
    splitting: true,
  });
  const panel = Object.entries(metafile.outputs).find(([, out]) => out.entryPoint === PANEL)?.[0];
  if (panel === undefined) throw new Error(`client/widget/index.ts does not import ${PANEL}`);
  const { files } = await bundle({
    entryPoints: { embed: 'client/widget/embed.ts' },
    define: { PANEL_FILE: JSON.stringify(path.basename(panel)) },
    format: 'iife',
    // A classic script is read in the page's encoding.
    charset: 'ascii',
  });
  const [embed] = files;
  if (embed === undefined) throw new Error('esbuild made no embed.js');
  return { modules, embed, embedChunks: [...reachableFrom(panel, metafile)] };
}

/** @returns the names of an output and of everything that it imports, now or later. */
function reachableFrom(output: string, metafile: Metafile, seen = new Set<string>()): Set<string> {
  const name = path.basename(output);
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const { path: imported } of metafile.outputs[output]?.imports ?? []) {
    reachableFrom(imported, metafile, seen);
  }
  return seen;
}

async function bundle(options: BuildOptions) {
  const { outputFiles, metafile } = await build({
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
    outdir: 'dist',
    ...options,
    metafile: true,
    write: false,
  });
  const isSmall = options.minify !== false;
  const files = outputFiles.map(async ({ path: file, contents, text }) => ({
    name: path.basename(file),
    contents: isSmall ? await smaller(text, options.format !== 'iife') : contents,
  }));
  return { files: await Promise.all(files), metafile };
}

/** After esbuild's own minifying: 3 % less of what a browser loads. */
async function smaller(code: string, module: boolean): Promise<Uint8Array> {
  const { code: smallest } = await minify(code, {
    module,
    ecma: 2021,
    compress: { passes: 3, ecma: 2021 },
    mangle: true,
    format: { asciiOnly: !module },
  });
  return Buffer.from(smallest);
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
