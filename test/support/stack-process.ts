import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const START = path.join(import.meta.dirname, '..', '..', 'local', 'start.ts');
const QUICK_SYNTHESIS = path.join(import.meta.dirname, 'synthesizer', 'preload.ts');

/** `npm start` in a process of its own, which a test may kill. */
export interface StackProcess {
  readonly outputs: { readonly CustomerSocketUrl: string; readonly TwilioUrl: string };
  /** `kill -9`. */
  kill(): Promise<void>;
  /** As Ctrl-C does. @returns its exit code and all it said. */
  stop(): Promise<{ readonly code: number | null; readonly said: string }>;
}

/** @param directory takes what is kept and what is written. @throws Error with its output when it ends at the start. */
export async function startStackProcess(directory: string): Promise<StackProcess> {
  const out = path.join(directory, 'out');
  const args = ['--port', '0', '--data', path.join(directory, 'data'), '--out', out];
  const child = spawn(process.execPath, ['--import', QUICK_SYNTHESIS, START, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = await untilOpen(child);
  return {
    outputs: JSON.parse(readFileSync(path.join(out, 'outputs.json'), 'utf8')),
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    stop: async () => {
      child.kill('SIGINT');
      const [code] = await once(child, 'close');
      return { code, said: output.said };
    },
  };
}

/** @returns what it says, which goes on growing. */
async function untilOpen(child: ChildProcess): Promise<{ readonly said: string }> {
  const output = { said: '' };
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output.said += text;
        if (output.said.includes('\nOpen http')) resolve();
      });
    }
    child.once('exit', () => reject(new Error(`the local stack has ended: ${output.said}`)));
  });
  return output;
}
