/** Writes docs/client-api.md from the doc comments of client and widget; with `--check` it only compares. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { apiMarkdown } from './client-api/markdown.ts';
import { readApi } from './client-api/read-api.ts';
import { writeDeclarations } from './package/declarations.ts';

const FILE = path.join(import.meta.dirname, '..', 'docs', 'client-api.md');

const types = mkdtempSync(path.join(tmpdir(), 'client-types-'));
try {
  await writeDeclarations(types);
  const text = apiMarkdown(readApi(types));
  if (!process.argv.includes('--check')) {
    writeFileSync(FILE, text);
  } else if (readFileSync(FILE, 'utf8') !== text) {
    console.error('docs/client-api.md is older than the doc comments. Run: npm run client-api');
    process.exitCode = 1;
  }
} finally {
  rmSync(types, { recursive: true });
}
