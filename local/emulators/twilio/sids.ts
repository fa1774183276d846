import { randomBytes } from 'node:crypto';

/** Makes SIDs: two letters that name the kind, then 32 hexadecimal digits. */
export type SidSource = (prefix: string) => string;

/** @param random numbers from 0 up to 1; absent: the operating system's randomness. */
export function sidSource(random?: () => number): SidSource {
  const digits = random
    ? () => Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
    : () => randomBytes(16).toString('hex');
  return (prefix) => `${prefix}${digits()}`;
}
