import { createServer } from 'node:net';
import { readJsonFile, writeJsonFile } from '../json-file.ts';
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

/** Ports that others know: clients hold on to them, and Twilio is set up with some. */
export interface Ports {
  readonly page: number;
  readonly twilio: number;
  readonly socket: number;
  readonly rest: number;
  readonly router: number;
}

const ANY_FREE: Ports = { page: 0, twilio: 0, socket: 0, rest: 0, router: 0 };

/**
 * The ports of the last run, as far as they are free; 0 for any other one.
 * @param file where they are kept; absent: nowhere.
 * @param log told of those that are taken: who knows them has to learn new ones.
 */
export async function keptPorts(
  file: string | undefined,
  log: (line: string) => void,
): Promise<Ports> {
  const kept = file === undefined ? {} : readJsonFile<Partial<Ports>>(file);
  const claimed = Object.entries({ ...ANY_FREE, ...kept }).map(async ([name, port]) => {
    const isFree = await isClaimable(port);
    if (!isFree) log(`Port ${port} is in use: ${name} moves, and its old address is dead.`);
    return [name, isFree ? port : 0] as const;
  });
  return { ...ANY_FREE, ...Object.fromEntries(await Promise.all(claimed)) };
}

export function keepPorts(file: string | undefined, ports: Ports): void {
  if (file !== undefined) writeJsonFile(file, ports);
}

async function isClaimable(port: number): Promise<boolean> {
  try {
    await claimPort(port);
    return true;
  } catch (error) {
    if (error instanceof StartError) return false;
    throw error;
  }
}
