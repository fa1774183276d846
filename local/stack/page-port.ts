import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { StartError } from './start-error.ts';

/**
 * Finds out early whether the page's port is free: its origin is part of what is synthesized.
 * @param port 0 picks any free one.
 * @returns the port.
 * @throws StartError when something else listens there.
 */
export async function claimPort(port: number): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(describe(error, port)));
    server.listen(port, '127.0.0.1', resolve);
  });
  const claimed = (server.address() as AddressInfo).port;
  await new Promise((resolve) => server.close(resolve));
  return claimed;
}

function describe(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new StartError(`Port ${port} is in use. Stop what listens there, or set PORT.`);
  }
  if (error.code === 'EACCES') {
    return new StartError(`Port ${port} needs more rights than you have. Set PORT above 1023.`);
  }
  return error;
}
