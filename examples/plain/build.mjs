/** Copies the page, and the widget's files beside it, into `site`. */
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const embed = fileURLToPath(import.meta.resolve('flex-channel/embed.js'));

rmSync('site', { recursive: true, force: true });
for (const file of ['index.html', 'page.js']) cpSync(file, path.join('site', file));
cpSync(path.dirname(embed), path.join('site', 'chat'), {
  recursive: true,
  filter: (file) => !/\.(mjs|d\.ts)$/.test(file),
});
