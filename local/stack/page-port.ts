import { createServer } from 'node:net';
import { listenOnLoopback } from '../loopback-server.ts';
import { StartError } from './start-error.ts';

/** A port that is ours before the server is there that will use it. */
export interface HeldPort {
  readonly port: number;
  /** Lets the server have it; harmless when repeated. */
  release(): Promise<void>;
}

/**
 * Takes a port early: the address is part of what is synthesized, which takes seconds, in which
 * the system could give a port that is only known to be free to any other program or connection.
 * Who connects meanwhile is cut off.
 *
 * @param port 0 picks any free one.
 * @throws StartError when something else listens there.
 */
export async function holdPort(port: number): Promise<HeldPort> {
  const server = createServer((connection) => connection.destroy());
  const held = await listenOnLoopback(server, port).catch((error: NodeJS.ErrnoException) => {
    throw describe(error, port);
  });
  return { port: held.port, release: held.close };
}

/**
 * Finds out whether a port is free now.
 * @returns the port.
 * @throws StartError when something else listens there.
 */
export async function claimPort(port: number): Promise<number> {
  const held = await holdPort(port);
  await held.release();
  return held.port;
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
