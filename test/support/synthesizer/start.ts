/** Jest's global setup: one synthesizer for all of a run's tests. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SYNTHESIZER } from './synthesize.ts';

/** It ends with this process, however that ends. */
export default async function start(): Promise<void> {
  // Workers and the programs that tests start compile each module once for all.
  process.env['NODE_COMPILE_CACHE'] ??= path.join(tmpdir(), 'node-compile-cache');
  // `npm run synth` checks the templates against AWS's rules; here that costs six seconds a file.
  process.env['CDK_VALIDATION'] = 'false';
  const server = fork(path.join(import.meta.dirname, 'server.ts'), { stdio: 'ignore' });
  const [url] = await once(server, 'message');
  process.env[SYNTHESIZER] = url;
  server.unref();
  server.channel?.unref();
}
