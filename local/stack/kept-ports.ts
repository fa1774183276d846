import { readJsonFile, writeJsonFile } from '../json-file.ts';
import { claimPort } from './page-port.ts';
import { StartError } from './start-error.ts';

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
