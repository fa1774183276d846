import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Figure } from './figure.ts';

/** What a page loads for the client, minified and compressed. */
export async function measureClient(): Promise<Figure[]> {
  const { outputFiles } = await build({
    absWorkingDir: path.join(import.meta.dirname, '..', '..'),
    entryPoints: ['client/sdk/index.ts'],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  const value = gzipSync(code, { level: 9 }).byteLength;
  return [{ name: 'client: min+gzip', value, unit: 'bytes', atMost: 13 * 1024 }];
}
