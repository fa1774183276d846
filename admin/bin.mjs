#!/usr/bin/env node
/**
 * In a clone of the repository it starts the command with the project's own Node, which runs
 * TypeScript; npx may have any. An installed package holds the command as one file for every Node.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ownNode = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
const main = fileURLToPath(new URL('main.ts', import.meta.url));

if (!existsSync(main)) {
  await import('../dist/command.mjs');
} else if (existsSync(ownNode)) {
  const child = spawn(ownNode, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // The child has the terminal and gets Ctrl-C itself; this process stays until it has answered.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
} else {
  console.error('Dependencies are missing: run npm install.');
  process.exit(1);
}
