import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { StartError } from './start-error.ts';

const PROJECT = path.join(import.meta.dirname, '..', '..');
const APP = path.join('bin', 'app.ts');
/** How much of a failed synthesis is shown: the cause stands first. */
const SHOWN_LINES = 12;

export interface SynthesisOptions {
  /** Configuration file of the app, as an absolute path. */
  readonly config: string;
  /** Where `cdk.out` goes; an earlier one is removed, so that no old bundle stays behind. */
  readonly outDirectory: string;
  /** Ends the synthesis. */
  readonly signal?: AbortSignal;
}

/**
 * Synthesizes the CDK app as a deployment would, without the CDK's command line and without the
 * network. Its checks against AWS's rules are left to `npm run check`: they cost two seconds.
 *
 * @throws StartError with what the app said when it fails.
 */
export async function synthesize({
  config,
  outDirectory,
  signal,
}: SynthesisOptions): Promise<void> {
  rmSync(outDirectory, { recursive: true, force: true });
  const child = spawn(process.execPath, [APP], {
    cwd: PROJECT,
    env: {
      ...process.env,
      CDK_OUTDIR: outDirectory,
      CDK_CONTEXT_JSON: JSON.stringify({ config, stage: 'local' }),
      CDK_VALIDATION: 'false',
      NO_COLOR: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new StartError(`The CDK app cannot be synthesized:\n${essence(said)}`);
}

/** What went wrong, without npm's notices, the bundler's progress and the stack trace. */
function essence(said: string): string {
  const lines = said
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^npm |^Bundling asset|^\s+at /.test(line));
  return lines.slice(0, SHOWN_LINES).join('\n');
}
