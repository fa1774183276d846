/** `npm start`: the whole channel on this machine. */
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { printable } from '#admin/printable';
import { BACK_ENDS, type FlexChoice, ROUTINGS } from './stack/local-config.ts';
import type { LocalStack } from './stack/local-stack.ts';

const USAGE = `Usage: npm start [-- --port <number> --data <directory> --back-end <name> …]

  --port <number>    port of the page; default: PORT, or 3000; 0 takes a free one
  --back-end <name>  ${BACK_ENDS.join(' or ')}; default: as config/local.json says
  --routing <name>   ${ROUTINGS.join(', ')}; default: as config/local.json says
  --data <directory> keeps sessions, messages and addresses from one run to the next
  --out <directory>  takes the synthesized stacks, outputs.json and logs; default: .local.
                     Each of several runs at once needs one of its own
  --help             this text

DEBUG=1 shows the stack trace of a failed start.`;

const IMPATIENT_MS = 1_000;
const PARENT_CHECK_MS = 250;

/** A command line that cannot be understood. */
class UsageError extends Error {}

interface Arguments extends FlexChoice {
  readonly help: boolean;
  readonly port: number;
  readonly out?: string;
  readonly data?: string;
}

function readArguments(): Arguments {
  const { help = false, port = process.env['PORT'] || '3000', out, data, ...flex } = parseOptions();
  const number = Number(port);
  if (!/^\d+$/.test(port) || number > 65_535) {
    throw new UsageError(`A port is a number from 0 to 65535, not "${port}".`);
  }
  return {
    help,
    port: number,
    ...(out !== undefined && { out: path.resolve(out) }),
    ...(data !== undefined && { data: path.resolve(data) }),
    ...oneOf('backEnd', '--back-end', flex['back-end'], BACK_ENDS),
    ...oneOf('routing', '--routing', flex.routing, ROUTINGS),
  };
}

function oneOf<Key extends string, Name extends string>(
  key: Key,
  option: string,
  given: string | undefined,
  names: readonly Name[],
): { [K in Key]?: Name } {
  if (given === undefined) return {};
  const name = names.find((known) => known === given);
  if (name !== undefined) return { [key]: name } as { [K in Key]?: Name };
  throw new UsageError(`${option} is one of ${names.join(', ')}, not "${given}".`);
}

function parseOptions() {
  const options = {
    help: { type: 'boolean' },
    port: { type: 'string' },
    out: { type: 'string' },
    data: { type: 'string' },
    'back-end': { type: 'string' },
    routing: { type: 'string' },
  } as const;
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

async function main(): Promise<void> {
  const args = readArguments();
  if (args.help) {
    console.log(USAGE);
    return;
  }
  const end = watchForEnd();
  const stack = await start(args, end).catch((error: unknown) => {
    // Whoever cancels a start wants no report of its failure.
    if (!end.aborted) throw error;
  });
  if (!end.aborted) await once(end, 'abort');
  await stack?.stop();
  console.log('Stopped.');
}

/** @returns aborts on Ctrl-C, on SIGTERM, and when npm is gone. */
function watchForEnd(): AbortSignal {
  const end = new AbortController();
  const atOnce = () => process.exit(130);
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      // npm passes Ctrl-C on, so that it arrives twice; only a later one means impatience.
      if (!end.signal.aborted) setTimeout(() => process.on(name, atOnce), IMPATIENT_MS).unref();
      end.abort();
    });
  }
  if (process.env['npm_lifecycle_event'] !== undefined) {
    // A signal to npm reaches the shell in between, which dies without passing it on.
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && end.abort(), PARENT_CHECK_MS).unref();
  }
  return end.signal;
}

async function start(args: Arguments, signal: AbortSignal): Promise<LocalStack> {
  const { port, out, data, help: _help, ...flex } = args;
  const startedAt = performance.now();
  // Loaded late, so that missing dependencies can be reported.
  const { startLocalStack } = await import('./stack/local-stack.ts');
  const stack = await startLocalStack({
    pagePort: port,
    signal,
    progress: say,
    ...flex,
    ...(out !== undefined && { outDirectory: out }),
    ...(data !== undefined && { dataDirectory: data }),
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`\nReady after ${seconds} s. Ctrl-C stops everything.\n`);
  for (const [name, url] of Object.entries(stack.outputs)) {
    console.log(`  ${name.padEnd(18)}${url}`);
  }
  console.log(`\nOpen ${stack.outputs.PageUrl}\n`);
  return stack;
}

/** Names and texts of the simulated Twilio are in it. */
function say(text: string): void {
  console.log(text.split('\n').map(printable).join('\n'));
}

function describe(error: unknown): string {
  const { message } = error as Error;
  if (message.startsWith('Cannot find package')) return `${message}\nRun npm install first.`;
  return error instanceof UsageError ? `${message}\n\n${USAGE}` : message;
}

await main().catch((error: unknown) => {
  const text = process.env['DEBUG'] ? String((error as Error).stack) : describe(error);
  console.error(text.split('\n').map(printable).join('\n'));
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
