import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '#local/stack/local-stack';

export interface LoadStack extends LocalStack {
  readonly outDirectory: string;
}

const LOCAL_CONFIG = path.join(import.meta.dirname, '..', '..', 'config', 'local.json');

export interface LoadStackOptions extends LocalStackOptions {
  /** Settings besides those of `config/local.json`. */
  readonly flex?: Settings;
  readonly operations?: Settings;
}

type Settings = Readonly<Record<string, unknown>>;

/** The local stack on free ports, in a directory that goes with it. */
export async function startLoadStack({
  flex,
  operations,
  ...options
}: LoadStackOptions = {}): Promise<LoadStack> {
  const outDirectory = mkdtempSync(path.join(tmpdir(), 'flex-channel-load-'));
  const remove = () => rmSync(outDirectory, { recursive: true, force: true });
  try {
    const config = writeConfig(path.join(outDirectory, 'load.json'), { flex, operations });
    const own = { pagePort: 0, outDirectory, config };
    const stack = await startLocalStack({ ...options, ...own });
    return { ...stack, outDirectory, stop: () => stack.stop().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

/** @returns its path. */
function writeConfig(
  file: string,
  { flex, operations }: Record<'flex' | 'operations', Settings | undefined>,
): string {
  const local = JSON.parse(readFileSync(LOCAL_CONFIG, 'utf8')) as Record<string, Settings>;
  const config = {
    ...local,
    flex: { ...local['flex'], ...flex },
    operations: { ...local['operations'], ...operations },
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}
