import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const BUDGET_BYTES = 16 * 1024;
const PROJECT = path.join(import.meta.dirname, '..', '..', '..');

async function bundle() {
  const { metafile, outputFiles } = await build({
    absWorkingDir: PROJECT,
    entryPoints: ['client/sdk/index.ts'],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    metafile: true,
  });
  return {
    sources: Object.keys(metafile.inputs),
    code: outputFiles[0]?.contents ?? new Uint8Array(),
  };
}

describe('the SDK as a bundle', () => {
  test('weighs at most 16 KB minified and compressed', async () => {
    const { code } = await bundle();

    const bytes = gzipSync(code, { level: 9 }).byteLength;

    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES);
  });

  test('holds the client and the protocol, and nothing else', async () => {
    const { sources } = await bundle();

    const roots = new Set(sources.map((source) => /^(node_modules\/)?[^/]+/.exec(source)?.[0]));

    expect([...roots].sort()).toEqual(['client', 'protocol']);
  });
});
