import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '#local/stack/local-stack';

const PROJECT = path.join(import.meta.dirname, '..', '..');

/** Beyond what this machine can send: the limits of a stage and a session are tested elsewhere. */
const OPERATIONS = {
  socketThrottle: { rateLimit: 10_000, burstLimit: 5_000 },
  webhookThrottle: { rateLimit: 10_000, burstLimit: 5_000 },
};
const CUSTOMERS = { messagesPerMinute: 6_000, sessionsPerAddressPerMinute: 100_000 };

/** Writes `config/local.json` with limits that load does not reach. */
export function writeLoadConfig(file: string): void {
  const local = JSON.parse(readFileSync(path.join(PROJECT, 'config', 'local.json'), 'utf8'));
  const customers = { ...local.customers, ...CUSTOMERS };
  writeFileSync(file, JSON.stringify({ ...local, customers, operations: OPERATIONS }));
}

/** The local stack under those limits, on free ports, in a directory that goes with it. */
export async function startLoadStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const directory = mkdtempSync(path.join(tmpdir(), 'flex-channel-load-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const config = path.join(directory, 'load.json');
  writeLoadConfig(config);
  try {
    const stack = await startLocalStack({
      pagePort: 0,
      outDirectory: directory,
      config,
      ...options,
    });
    return { ...stack, stop: () => stack.stop().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}
