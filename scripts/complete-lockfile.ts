/**
 * Adds to package-lock.json the platform packages that a registry did not offer.
 *
 * A mirror may carry the binaries of its own platform only. npm then leaves the others out of
 * the lock file, and `npm ci` refuses that file everywhere. The versions are pinned by the
 * packages that ask for them, so their entries can be written without asking the registry.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

interface LockedPackage {
  readonly version?: string;
  readonly optional?: boolean;
  readonly dev?: boolean;
  readonly cpu?: readonly string[];
  readonly os?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type Packages = Record<string, LockedPackage>;

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const PROCESSORS = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

/** @returns the packages with an entry for every optional dependency on a platform that its name tells. */
export function completePackages(packages: Packages): Packages {
  const missing: Packages = {};
  for (const [location, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const isLocked =
        `node_modules/${name}` in packages || `${location}/node_modules/${name}` in packages;
      const platform = isLocked ? undefined : platformOf(name);
      if (platform === undefined) continue;
      missing[`node_modules/${name}`] = {
        version,
        ...platform,
        optional: true,
        ...(dev && { dev }),
      };
    }
  }
  const all = Object.entries({ ...packages, ...missing });
  return Object.fromEntries(all.sort(([a], [b]) => a.localeCompare(b, 'en')));
}

/** Such as `@swc/core-linux-arm-gnueabihf`. */
function platformOf(name: string): LockedPackage | undefined {
  const words = name.split(/[/-]/);
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  if (cpu === undefined) return undefined;
  const isMusl = words.some((word) => word.startsWith('musl'));
  return {
    cpu: [cpu],
    ...(os !== undefined && { os: [os] }),
    ...(os === 'linux' && { libc: [isMusl ? 'musl' : 'glibc'] }),
  };
}

if (import.meta.main) {
  const file = path.join(import.meta.dirname, '..', 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const packages = completePackages(lock.packages);
  const added = Object.keys(packages).length - Object.keys(lock.packages).length;
  writeFileSync(file, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
  console.log(`${added} platform packages added to package-lock.json`);
}
