/** The files that the page server serves, made from the sources of pages and widget. */
import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { build } from 'esbuild';
import { hostedFiles } from '../scripts/package/hosted.ts';

export interface Asset {
  readonly type: string;
  readonly body: string | Uint8Array;
}

/** What the pages are told when they are built. */
export interface PageConstants {
  readonly customerSocketUrl: string;
  readonly backEnd: string;
  readonly routing: string;
}

const PAGES_DIR = join(import.meta.dirname, 'pages');
const PICTURES = ['kettle', 'grinder', 'dripper', 'beans', 'mug', 'tea'];
const DOCUMENTS = [
  'demo/index.html',
  'shop/shop.html',
  'desk/desk.html',
  'wire/wire.html',
  'icon.svg',
  ...PICTURES.map((name) => `shop/${name}.svg`),
];
const BUNDLES = ['demo/demo', 'shop/shop', 'desk/desk', 'wire/wire'].flatMap((name) => [
  `${name}.css`,
  `${name}.ts`,
]);

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * @returns by path, such as `/desk.js`.
 * @throws when a page or the widget does not compile.
 */
export async function buildPages(constants: PageConstants): Promise<ReadonlyMap<string, Asset>> {
  const assets = new Map<string, Asset>();
  const add = (name: string, body: string | Uint8Array) =>
    assets.set(`/${name}`, { type: CONTENT_TYPES[extname(name)] ?? 'text/plain', body });
  for (const name of DOCUMENTS) add(basename(name), await readFile(join(PAGES_DIR, name)));
  const { outputFiles } = await build({
    entryPoints: BUNDLES.map((name) => join(PAGES_DIR, name)),
    outdir: '/',
    entryNames: '[name]',
    bundle: true,
    define: { DEMO_OF_THIS_RUN: JSON.stringify(constants) },
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  for (const { path, contents } of outputFiles) add(path.slice(1), contents);
  const { loader, immutable } = await hostedFiles();
  for (const { name, contents } of [loader, ...immutable]) add(name, contents);
  return assets;
}
