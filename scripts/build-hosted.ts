/** Writes what a deployment serves for the script tag. Argument: the folder. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { hostedFiles } from './package/hosted.ts';

const [folder = ''] = process.argv.slice(2);
const { loader, immutable } = await hostedFiles();
mkdirSync(folder, { recursive: true });
for (const { name, contents } of [loader, ...immutable]) {
  writeFileSync(path.join(folder, name), contents);
}
