import path from 'node:path';
import { readJson, readManifest } from './manifest.ts';

/** The part of `<stack>.assets.json` that says where a file asset comes from and goes to. */
interface AssetManifest {
  readonly files?: Readonly<Record<string, FileAsset>>;
}

interface FileAsset {
  readonly source: { readonly path: string };
  readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
}

/**
 * Finds the bundles of an assembly.
 * @returns directory or file of each asset, by its object key (`Code.S3Key` of a function).
 */
export function readAssets(directory: string): ReadonlyMap<string, string> {
  const assets = new Map<string, string>();
  for (const { type, properties } of Object.values(readManifest(directory))) {
    if (type !== 'cdk:asset-manifest') continue;
    const file = path.join(directory, String(properties?.['file']));
    for (const { source, destinations } of Object.values(
      readJson<AssetManifest>(file).files ?? {},
    )) {
      for (const { objectKey } of Object.values(destinations)) {
        assets.set(objectKey, path.resolve(directory, source.path));
      }
    }
  }
  return assets;
}
