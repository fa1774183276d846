#!/usr/bin/env node
/** Starts the command with the project's own Node, which runs TypeScript; npx may have any. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ownNode = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
const main = fileURLToPath(new URL('main.ts', import.meta.url));

if (existsSync(ownNode)) {
  const child = spawn(ownNode, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // The child has the terminal and gets Ctrl-C itself; this process stays until it has answered.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
} else {
  console.error(
    existsSync(main)
      ? 'Dependencies are missing: run npm install.'
      : 'The package holds the chat for websites; this command runs in a clone of the repository.',
  );
  process.exit(1);
}
