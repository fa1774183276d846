import { readFileSync } from 'node:fs';
import path from 'node:path';
import { completePackages } from '../../scripts/complete-lockfile.ts';

describe('completePackages', () => {
  test('adds a missing platform package with the version that is asked for', () => {
    const packages = completePackages({
      'node_modules/tool': {
        version: '1.0.0',
        dev: true,
        optionalDependencies: { 'tool-darwin-arm64': '1.0.0', 'tool-linux-x64-musl': '1.0.0' },
      },
    });

    expect(packages['node_modules/tool-darwin-arm64']).toEqual({
      version: '1.0.0',
      cpu: ['arm64'],
      os: ['darwin'],
      optional: true,
      dev: true,
    });
    expect(packages['node_modules/tool-linux-x64-musl']).toMatchObject({ libc: ['musl'] });
  });

  test('leaves what is locked, and what no platform is read from, as it is', () => {
    const packages = {
      'node_modules/tool': {
        version: '1.0.0',
        optionalDependencies: { 'tool-linux-x64': '1.0.0', fsevents: '2.0.0' },
      },
      'node_modules/tool-linux-x64': { version: '1.0.0' },
    };

    expect(completePackages(packages)).toEqual(packages);
  });
});

test('the lock file of this project is complete', () => {
  const file = path.join(import.meta.dirname, '..', '..', 'package-lock.json');
  const { packages } = JSON.parse(readFileSync(file, 'utf8'));

  expect(Object.keys(completePackages(packages))).toHaveLength(Object.keys(packages).length);
});
