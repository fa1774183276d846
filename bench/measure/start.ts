import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Figure } from './figure.ts';
import { rounded } from './statistics.ts';

const START = path.join(import.meta.dirname, '..', '..', 'local', 'start.ts');

/** From the command to the addresses, as `npm start` says them. */
export async function measureStart(): Promise<Figure[]> {
  const directory = mkdtempSync(path.join(tmpdir(), 'flex-channel-start-'));
  const startedAt = performance.now();
  const child = spawn(process.execPath, [START, '--port', '0', '--out', directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let said = '';
  const open = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('\nOpen http')) resolve();
    });
  });
  await Promise.race([open, exited]);
  const value = rounded((performance.now() - startedAt) / 1_000);
  if (child.exitCode !== null) throw new Error(`the local stack has ended: ${said}`);
  child.kill('SIGTERM');
  await exited;
  rmSync(directory, { recursive: true, force: true });
  return [{ name: 'start of the local stack', value, unit: 's', atMost: 20 }];
}
