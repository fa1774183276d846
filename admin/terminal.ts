/** The person or script that runs a command. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

export interface Terminal {
  /** Somebody is there to answer. */
  readonly isInteractive: boolean;
  /** The result, on standard output. */
  print(text: string): void;
  /** What is going on, on standard error. */
  progress(line: string): void;
  ask(question: string): Promise<string>;
  /** Asks without showing what is typed. */
  askSecret(question: string): Promise<string>;
  /** Everything on standard input. */
  readInput(): Promise<string>;
}

export function processTerminal(): Terminal {
  return {
    isInteractive: process.stdin.isTTY === true,
    print: (shown) => console.log(shown),
    progress: (line) => console.error(line),
    ask: (question) => askOn(process.stderr, question),
    askSecret: async (question) => {
      process.stderr.write(question);
      const answer = await askOn(silence(), '');
      process.stderr.write('\n');
      return answer;
    },
    readInput: () => text(process.stdin),
  };
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
