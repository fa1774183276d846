import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { buildPackage } from '../../scripts/package/build.ts';
import { wholeChunks } from '../../scripts/package/whole-chunks.ts';
import type { Figure } from './figure.ts';

/** What a page loads for the client and for the widget, minified and compressed. */
export async function measureClient(): Promise<Figure[]> {
  const { outputFiles } = await build({
    absWorkingDir: path.join(import.meta.dirname, '..', '..'),
    entryPoints: ['client/sdk/index.ts'],
    bundle: true,
    minify: true,
    format: 'esm',
    // What uploads files is a chunk that comes with the first one.
    splitting: true,
    plugins: [wholeChunks],
    outdir: 'dist',
    write: false,
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  const value = gzipSync(code, { level: 9 }).byteLength;
  const client: Figure = { name: 'client: min+gzip', value, unit: 'bytes', atMost: 17 * 1024 };
  return [client, ...(await measureWidget())];
}

async function measureWidget(): Promise<Figure[]> {
  const dist = await mkdtemp(path.join(tmpdir(), 'flex-channel-dist-'));
  const files = await buildPackage(dist, 'website').finally(() =>
    rm(dist, { recursive: true, force: true }),
  );
  const total = (names: RegExp) =>
    files.reduce((sum, { name, gzipBytes }) => (names.test(name) ? sum + gzipBytes : sum), 0);
  return [
    {
      name: 'widget: launcher, min+gzip',
      value: total(/^embed\.js$/),
      unit: 'bytes',
      atMost: 3 * 1024,
    },
    {
      name: 'widget: opened chat, min+gzip',
      value: total(/^(embed|panel-\w+)\.js$/),
      unit: 'bytes',
      atMost: 30.25 * 1024,
    },
  ];
}
