/** The person or script that runs a command. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { printable, printableJson, withoutAccess } from './printable.ts';

/** Says each text as one line, whatever is in it. */
export type Say = (...lines: readonly string[]) => void;

export interface Terminal {
  /** Somebody is there to answer. */
  readonly isInteractive: boolean;
  /** The result, on standard output. */
  readonly print: Say;
  /** The result for a program, on standard output. */
  readonly printJson: (value: unknown) => void;
  /** What is going on, on standard error. */
  readonly progress: Say;
  readonly ask: (question: string) => Promise<string>;
  /** Asks without showing what is typed. */
  readonly askSecret: (question: string) => Promise<string>;
  /** Standard input; undefined once it is longer than the given number of bytes. */
  readonly readInput: (maxBytes: number) => Promise<string | undefined>;
}

/** What a terminal is made of. */
export interface Streams {
  readonly isInteractive: boolean;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** @param isShown whether what is typed is seen. */
  readonly ask: (question: string, isShown: boolean) => Promise<string>;
  readonly input: AsyncIterable<Uint8Array>;
}

/**
 * All that a command says goes through here. Names and texts of others, such as Twilio's or a
 * customer's, are in it: none of them may steer the terminal or feign a line.
 */
export function createTerminal({ isInteractive, out, err, ask, input }: Streams): Terminal {
  const sayOn =
    (write: (text: string) => void): Say =>
    (...lines) => {
      for (const line of lines) write(`${withoutAccess(printable(line))}\n`);
    };
  return {
    isInteractive,
    print: sayOn(out),
    printJson: (value) => out(`${withoutAccess(printableJson(value))}\n`),
    progress: sayOn(err),
    ask: (question) => ask(printable(question), true),
    askSecret: (question) => ask(printable(question), false),
    readInput: (maxBytes) => read(input, maxBytes),
  };
}

export const processTerminal = (): Terminal =>
  createTerminal({
    isInteractive: process.stdin.isTTY === true,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    ask: (question, isShown) => (isShown ? askOn(process.stderr, question) : askUnseen(question)),
    input: process.stdin,
  });

async function read(
  input: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  // The decoder drops the byte order mark that some shells put in front.
  return new TextDecoder().decode(Buffer.concat(chunks));
}

async function askUnseen(question: string): Promise<string> {
  process.stderr.write(question);
  const answer = await askOn(silence(), '');
  process.stderr.write('\n');
  return answer;
}

async function askOn(output: NodeJS.WritableStream, question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output, terminal: true });
  // Ctrl-C ends the command as it does anywhere else.
  reader.once('SIGINT', () => process.exit(130));
  try {
    return (await reader.question(question)).trim();
  } finally {
    reader.close();
  }
}

/** The reader echoes what is typed to its output. */
const silence = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });
