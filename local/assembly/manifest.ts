import { readFileSync } from 'node:fs';
import path from 'node:path';

/** One entry of a cloud assembly's `manifest.json`. */
export interface Artifact {
  readonly type: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** @returns the artifacts of the assembly by id. */
export function readManifest(directory: string): Readonly<Record<string, Artifact>> {
  const { artifacts } = readJson<{ artifacts?: Record<string, Artifact> }>(
    path.join(directory, 'manifest.json'),
  );
  return artifacts ?? {};
}

export function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
