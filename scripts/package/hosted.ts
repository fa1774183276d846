/** What a web server holds for the script tag: the loader, and chunks whose names change with what is in them. */
import { createHash } from 'node:crypto';
import { type BundledFile, bundleWidget } from './bundle.ts';

export interface HostedFiles {
  /** The only one that changes under its name. */
  readonly loader: BundledFile;
  /** May be cached for ever. Among them the loader again, for pages that name its `integrity`. */
  readonly immutable: readonly BundledFile[];
}

export async function hostedFiles(): Promise<HostedFiles> {
  const { modules, embed, embedChunks } = await bundleWidget();
  const hash = createHash('sha256').update(embed.contents).digest('hex').slice(0, 8).toUpperCase();
  const pinned = { name: `embed-${hash}.js`, contents: embed.contents };
  return {
    loader: embed,
    immutable: [pinned, ...modules.filter(({ name }) => embedChunks.includes(name))],
  };
}
