/** Jest's global setup: one synthesizer for all of a run's tests. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { SYNTHESIZER } from './synthesize.ts';

/** It ends with this process, however that ends. */
export default async function start(): Promise<void> {
  const server = fork(path.join(import.meta.dirname, 'server.ts'), { stdio: 'ignore' });
  const [url] = await once(server, 'message');
  process.env[SYNTHESIZER] = url;
  server.unref();
  server.channel?.unref();
}
