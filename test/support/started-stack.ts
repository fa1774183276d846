import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '#local/stack/local-stack';
import { synthesize } from './synthesizer/synthesize.ts';

/**
 * What every stack of a test gets. A function that starts on a busy machine may take longer than
 * Twilio's 5 s, and than its own 10 s: Twilio repeats no webhook, and the next copy starts cold again.
 */
export const FOR_TESTS = {
  webhookTimeoutMs: 30_000,
  patience: 3,
  copies: 3,
  synthesize,
} as const satisfies LocalStackOptions;

/**
 * Starts the real thing before a file's tests, in a folder of its own, on free ports, and
 * stops it after them.
 * @returns gives the stack; throws while it is not up.
 */
export function useLocalStack(options: LocalStackOptions = {}): () => LocalStack {
  const outDirectory = mkdtempSync(path.join(tmpdir(), 'flex-channel-'));
  let stack: LocalStack | undefined;

  beforeAll(async () => {
    stack = await startLocalStack({ outDirectory, pagePort: 0, ...FOR_TESTS, ...options });
  });

  afterAll(async () => {
    await stack?.stop();
    rmSync(outDirectory, { recursive: true, force: true });
  });

  return () => {
    if (stack === undefined) throw new Error('the local stack is not up');
    return stack;
  };
}
