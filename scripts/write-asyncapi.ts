/**
 * Writes the published description of the protocol from its schemas: `write-asyncapi.ts [file]`.
 * With `--check` it writes nothing and fails when the file is not what it would write.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ASYNCAPI_FILE, asyncApiYaml } from './asyncapi/document.ts';

const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const file = positionals[0] ?? path.join(import.meta.dirname, '..', ASYNCAPI_FILE);
const current = existsSync(file) ? readFileSync(file, 'utf8') : '';
const wanted = asyncApiYaml();

if (!values.check) {
  writeFileSync(file, wanted);
} else if (current !== wanted) {
  console.error(`${path.relative('.', file)} is stale: run \`npm run asyncapi\` and commit it.`);
  process.exitCode = 1;
}
