/**
 * Builds what `npm pack` packs: the client, the widget, the script tag and the command, without
 * anything that their user would have to install.
 */
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleClient, bundleWidget } from './bundle.ts';
import { bundleCommand } from './command.ts';
import { writeDeclarations } from './declarations.ts';

export interface BuiltFile {
  /** Below the output folder. */
  readonly name: string;
  readonly bytes: number;
  readonly gzipBytes: number;
  /** For the `integrity` attribute of a script tag. */
  readonly integrity: string;
}

/**
 * @param parts `website` leaves the command out.
 * @returns what was written.
 */
export async function buildPackage(
  outdir: string,
  parts: 'all' | 'website' = 'all',
): Promise<readonly BuiltFile[]> {
  await rm(outdir, { recursive: true, force: true });
  const client = await bundleClient();
  const { modules, embed } = await bundleWidget();
  const command = parts === 'all' ? [await bundleCommand()] : [];
  await writeDeclarations(path.join(outdir, 'types'));
  await mkdir(outdir, { recursive: true });
  return Promise.all(
    [...client, ...modules, embed, ...command].map(async ({ name, contents }) => {
      await writeFile(path.join(outdir, name), contents);
      return describe(name, contents);
    }),
  );
}

function describe(name: string, contents: Uint8Array): BuiltFile {
  return {
    name,
    bytes: contents.byteLength,
    gzipBytes: gzipSync(contents, { level: 9 }).byteLength,
    integrity: `sha384-${createHash('sha384').update(contents).digest('base64')}`,
  };
}
