import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalStack, startLocalStack } from '#local/stack/local-stack';

/** The local stack on free ports, in a directory that goes with it. */
export async function startLoadStack(): Promise<LocalStack & { readonly outDirectory: string }> {
  const outDirectory = mkdtempSync(path.join(tmpdir(), 'flex-channel-load-'));
  const remove = () => rmSync(outDirectory, { recursive: true, force: true });
  try {
    const stack = await startLocalStack({ pagePort: 0, outDirectory });
    return { ...stack, outDirectory, stop: () => stack.stop().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}
