/** The plugin as one file for the page of Flex. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { build as Build } from 'esbuild';
import { CommandError } from '../command.ts';

const ENTRY = join(import.meta.dirname, '..', '..', 'plugin', 'index.ts');

export interface BuiltPlugin {
  readonly code: string;
  /** Follows from the code: the same code is the same version. */
  readonly version: string;
}

/** @param signalUrl where agents' tokens go: it stands in the file, and comes from nowhere else. */
export async function buildPlugin(signalUrl: string): Promise<BuiltPlugin> {
  const { build } = await bundler();
  const bundle = async (version: string): Promise<string> => {
    const { outputFiles } = await build({
      entryPoints: [ENTRY],
      bundle: true,
      minify: true,
      format: 'iife',
      target: 'es2021',
      write: false,
      logLevel: 'silent',
      define: {
        FLEX_CHANNEL_SIGNAL_URL: JSON.stringify(signalUrl),
        FLEX_CHANNEL_VERSION: JSON.stringify(version),
      },
    });
    return outputFiles[0]?.text ?? '';
  };
  const digest = createHash('sha256')
    .update(await bundle(''))
    .digest('hex');
  // As Flex wants a semantic version, which must differ from one release to the next.
  const version = `1.0.0-${digest.slice(0, 12)}`;
  return { code: await bundle(version), version };
}

/**
 * The packed command holds neither the plugin's source nor a bundler.
 * @throws CommandError outside of a clone.
 */
async function bundler(): Promise<{ readonly build: typeof Build }> {
  try {
    if (existsSync(ENTRY)) return await import('esbuild');
  } catch {
    // Told below.
  }
  throw new CommandError(
    'The plugin is built in a clone of the project: run this there, after npm ci.',
  );
}
