/** `npm start`: the whole channel on this machine. */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import type { LocalStack } from './stack/local-stack.ts';

const USAGE = `Usage: npm start [-- --port <number>]

  --port <number>  port of the page; default: PORT, or 3000; 0 takes a free one
  --help           this text

DEBUG=1 shows the stack trace of a failed start.`;

/** A command line that cannot be understood. */
class UsageError extends Error {}

interface Arguments {
  readonly help: boolean;
  readonly port: number;
}

function readArguments(): Arguments {
  const { help = false, port = process.env['PORT'] || '3000' } = parseOptions();
  const number = Number(port);
  if (!/^\d+$/.test(port) || number > 65_535) {
    throw new UsageError(`A port is a number from 0 to 65535, not "${port}".`);
  }
  return { help, port: number };
}

function parseOptions(): { help?: boolean; port?: string } {
  const options = { help: { type: 'boolean' }, port: { type: 'string' } } as const;
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

async function main(): Promise<void> {
  const { help, port } = readArguments();
  if (help) {
    console.log(USAGE);
    return;
  }
  const cancel = new AbortController();
  // Once only: a second Ctrl-C ends the process at once.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => cancel.abort());
  const stack = await start(port, cancel.signal).catch((error: unknown) => {
    // Whoever cancels a start wants no report of its failure.
    if (!cancel.signal.aborted) throw error;
  });
  if (!cancel.signal.aborted) await once(cancel.signal, 'abort');
  await stack?.stop();
  console.log('Stopped.');
}

async function start(pagePort: number, signal: AbortSignal): Promise<LocalStack> {
  const startedAt = performance.now();
  // Loaded late, so that missing dependencies can be reported.
  const { startLocalStack } = await import('./stack/local-stack.ts');
  const stack = await startLocalStack({ pagePort, signal, progress: console.log });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`\nReady after ${seconds} s. Ctrl-C stops everything.\n`);
  for (const [name, url] of Object.entries(stack.outputs)) {
    console.log(`  ${name.padEnd(18)}${url}`);
  }
  console.log(`\nOpen ${stack.outputs.PageUrl}\n`);
  return stack;
}

function describe(error: unknown): string {
  const { message } = error as Error;
  if (message.startsWith('Cannot find package')) return `${message}\nRun npm install first.`;
  return error instanceof UsageError ? `${message}\n\n${USAGE}` : message;
}

await main().catch((error: unknown) => {
  console.error(process.env['DEBUG'] ? error : describe(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
