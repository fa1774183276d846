import { randomBytes } from 'node:crypto';

/** Where the emulators take randomness from: tests pass one that they can foretell. */
export type RandomBytes = (count: number) => Uint8Array;

export const systemRandom: RandomBytes = randomBytes;

/** A version 4 UUID, in lower case. */
export function randomUuid(random: RandomBytes): string {
  const hex = Buffer.from(random(16)).toString('hex');
  const variant = ((Number.parseInt(hex[16] as string, 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}
