import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalStack, startLocalStack } from '#local/stack/local-stack';

/** What a test file shares: the local stack, started before its tests and stopped after them. */
export interface StartedStack {
  /** @throws while the stack is not up. */
  (): LocalStack;
}

/** Starts the real thing for a test file, in a folder of its own, on free ports. */
export function useLocalStack(): StartedStack {
  const outDirectory = mkdtempSync(path.join(tmpdir(), 'flex-channel-'));
  let stack: LocalStack | undefined;

  beforeAll(async () => {
    stack = await startLocalStack({ pagePort: 0, outDirectory });
  }, 60_000);

  afterAll(async () => {
    await stack?.stop();
    rmSync(outDirectory, { recursive: true, force: true });
  });

  return () => {
    if (stack === undefined) throw new Error('the local stack is not up');
    return stack;
  };
}
