/** Names and ids as AWS forms them, but the same at each start, so that kept data finds its table again. */
import { createHash } from 'node:crypto';
import { LOCAL_ACCOUNT, LOCAL_REGION } from './assembly.ts';

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Which resource of which stack an id is made for. */
export interface Origin {
  readonly stack: string;
  readonly logicalId: string;
}

function characters(alphabet: string, length: number, seed: string): string {
  const digest = createHash('sha512').update(seed).digest();
  return Array.from({ length }, (_, i) => alphabet[(digest[i] as number) % alphabet.length]).join(
    '',
  );
}

/** `length` (at most 64) upper-case letters and digits. */
export function upperId({ stack, logicalId }: Origin, length: number, purpose = ''): string {
  return characters(UPPER, length, `${stack}/${logicalId}/${purpose}`);
}

/** `length` (at most 64) lower-case letters and digits, as API Gateway's ids. */
export function lowerId({ stack, logicalId }: Origin, length: number, purpose = ''): string {
  return characters(LOWER, length, `${stack}/${logicalId}/${purpose}`);
}

export function uuid({ stack, logicalId }: Origin): string {
  const hex = createHash('sha256').update(`${stack}/${logicalId}`).digest('hex');
  return [8, 4, 4, 4, 12].map((length, i) => hex.slice(i * 12, i * 12 + length)).join('-');
}

/** The name CloudFormation makes up for a resource that has none: at most 64 characters here. */
export function generatedName(origin: Origin): string {
  return `${origin.stack}-${origin.logicalId}`.slice(0, 51).concat(`-${upperId(origin, 12)}`);
}

/** ARN in the local account and region. */
export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${resource}`;
}
