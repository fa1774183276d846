import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '#local/stack/local-stack';

export interface LoadStack extends LocalStack {
  readonly outDirectory: string;
}

/** The local stack on free ports, in a directory that goes with it. */
export async function startLoadStack(options: LocalStackOptions = {}): Promise<LoadStack> {
  const outDirectory = mkdtempSync(path.join(tmpdir(), 'flex-channel-load-'));
  const remove = () => rmSync(outDirectory, { recursive: true, force: true });
  try {
    const stack = await startLocalStack({ ...options, pagePort: 0, outDirectory });
    return { ...stack, outDirectory, stop: () => stack.stop().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}
