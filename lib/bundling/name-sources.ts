/**
 * Run after a function is bundled: has its source map name files from the project's root on. esbuild
 * names them from the output folder on, and the asset's hash would differ from folder to folder.
 *
 * Arguments: the project's root, the folder with the bundle.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const [project = '', folder = ''] = process.argv.slice(2);
const file = join(folder, 'index.mjs.map');
const map: { sources: string[] } = JSON.parse(readFileSync(file, 'utf8'));
const sources = map.sources.map((source) => relative(project, resolve(folder, source)));
writeFileSync(file, JSON.stringify({ ...map, sources }));
