import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '#local/stack/local-stack';
import { synthesize } from './synthesizer/synthesize.ts';

/** A function that starts on a busy machine may take longer than Twilio's 5 s. */
const WEBHOOK_TIMEOUT_MS = 30_000;

/**
 * Starts the real thing before a file's tests, in a folder of its own, on free ports, and
 * stops it after them.
 * @returns gives the stack; throws while it is not up.
 */
export function useLocalStack(options: LocalStackOptions = {}): () => LocalStack {
  const outDirectory = mkdtempSync(path.join(tmpdir(), 'flex-channel-'));
  let stack: LocalStack | undefined;

  beforeAll(async () => {
    const forTests = { pagePort: 0, webhookTimeoutMs: WEBHOOK_TIMEOUT_MS, synthesize };
    stack = await startLocalStack({ outDirectory, ...forTests, ...options });
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
