import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { wholeChunks } from '../../../scripts/package/whole-chunks.ts';

const BUDGET_BYTES = 17 * 1024;
const PROJECT = path.join(import.meta.dirname, '..', '..', '..');

async function bundle() {
  const { metafile, outputFiles } = await build({
    absWorkingDir: PROJECT,
    entryPoints: ['client/sdk/index.ts'],
    bundle: true,
    minify: true,
    format: 'esm',
    splitting: true,
    plugins: [wholeChunks],
    outdir: 'dist',
    write: false,
    metafile: true,
  });
  const [entry, ...chunks] = outputFiles;
  return {
    sources: Object.keys(metafile.inputs),
    code: entry?.contents ?? new Uint8Array(),
    chunks: chunks.map((chunk) => path.basename(chunk.path)),
  };
}

describe('the SDK as a bundle', () => {
  test('weighs at most 17 KB minified and compressed', async () => {
    const { code } = await bundle();

    const bytes = gzipSync(code, { level: 9 }).byteLength;

    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES);
  });

  test('leaves the code that uploads files to a chunk, which nothing else waits for', async () => {
    const { chunks } = await bundle();

    expect(chunks).toEqual([expect.stringMatching(/^upload-files-/)]);
  });

  test('holds the client and the protocol, and nothing else', async () => {
    const { sources } = await bundle();

    const roots = new Set(sources.map((source) => /^(node_modules\/)?[^/]+/.exec(source)?.[0]));

    expect([...roots].sort()).toEqual(['client', 'protocol']);
  });
});
