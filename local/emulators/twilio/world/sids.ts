import { type RandomBytes, systemRandom } from '../../../random.ts';

/** Makes SIDs: two letters that name the kind, then 32 hexadecimal digits. */
export type SidSource = (prefix: string) => string;

export const sidSource =
  (random: RandomBytes = systemRandom): SidSource =>
  (prefix) =>
    `${prefix}${Buffer.from(random(16)).toString('hex')}`;
