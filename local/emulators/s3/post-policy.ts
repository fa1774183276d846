/**
 * Holds a form against its signed policy, as S3 does before it stores anything.
 * Source: Amazon S3 API reference, "POST Policy" and "Authenticating requests in browser-based
 * uploads using POST (AWS Signature Version 4)".
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { LOCAL_REGION } from '#local/assembly/assembly';
import type { Caller } from '../aws/callers.ts';
import { accessDenied, S3Error } from './s3-error.ts';

/** A form as it came: names in lower case, the file apart. */
export interface PostForm {
  readonly fields: ReadonlyMap<string, string>;
  readonly fileBytes: number;
}

/** Fields that no condition has to name. */
const UNCONDITIONED = new Set(['policy', 'x-amz-signature', 'file']);

/**
 * @returns whose key signed it.
 * @throws S3Error for everything that S3 would refuse.
 */
export function verifyPost(
  { fields, fileBytes }: PostForm,
  bucket: string,
  callers: readonly Caller[],
  nowMs: number,
): Caller {
  const encoded = needed(fields, 'policy');
  const caller = signer(fields, encoded, callers);
  const { expiration, conditions } = parsePolicy(encoded);
  if (!(Date.parse(expiration) > nowMs)) {
    throw accessDenied('Invalid according to Policy: Policy expired.');
  }
  const given = new Map([...fields, ['bucket', bucket]]);
  const named = new Set<string>(['bucket']);
  for (const condition of conditions) {
    const field = check(condition, given, fileBytes);
    if (field !== undefined) named.add(field);
  }
  const extra = [...fields.keys()].find(
    (name) => !named.has(name) && !UNCONDITIONED.has(name) && !name.startsWith('x-ignore-'),
  );
  if (extra !== undefined) {
    throw accessDenied(`Invalid according to Policy: Extra input fields: ${extra}`);
  }
  return caller;
}

function signer(fields: PostForm['fields'], encoded: string, callers: readonly Caller[]): Caller {
  if (needed(fields, 'x-amz-algorithm') !== 'AWS4-HMAC-SHA256') {
    throw new S3Error(400, 'InvalidRequest', 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  }
  const [keyId, date = '', region, service, ending] = needed(fields, 'x-amz-credential').split('/');
  const isScope = region === LOCAL_REGION && service === 's3' && ending === 'aws4_request';
  if (!isScope || !needed(fields, 'x-amz-date').startsWith(date)) {
    throw new S3Error(400, 'AuthorizationQueryParametersError', 'Error parsing the credential');
  }
  const caller = callers.find(({ accessKeyId }) => accessKeyId === keyId);
  if (caller === undefined) {
    throw new S3Error(403, 'InvalidAccessKeyId', 'The AWS Access Key Id does not exist.');
  }
  const key = [date, LOCAL_REGION, 's3', 'aws4_request'].reduce<Buffer | string>(
    hmac,
    `AWS4${caller.secretAccessKey}`,
  );
  const expected = hmac(key, encoded).toString('hex');
  const signature = needed(fields, 'x-amz-signature').padEnd(64).slice(0, 64);
  if (timingSafeEqual(Buffer.from(expected), Buffer.from(signature, 'latin1'))) return caller;
  throw new S3Error(403, 'SignatureDoesNotMatch', 'The request signature does not match.');
}

const hmac = (key: Buffer | string, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

interface Policy {
  readonly expiration: string;
  readonly conditions: readonly unknown[];
}

function parsePolicy(encoded: string): Policy {
  try {
    const policy = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
    if (typeof policy.expiration === 'string' && Array.isArray(policy.conditions)) return policy;
  } catch {
    // Refused below.
  }
  throw new S3Error(400, 'InvalidPolicyDocument', 'Invalid Policy: Invalid JSON.');
}

/** @returns the field that the condition names, in lower case; undefined for the range of the length. */
function check(
  condition: unknown,
  given: ReadonlyMap<string, string>,
  fileBytes: number,
): string | undefined {
  const [operator, first, second] = Array.isArray(condition)
    ? condition
    : ['eq', ...exact(condition)];
  if (operator === 'content-length-range') {
    checkLength(fileBytes, Number(first), Number(second));
    return undefined;
  }
  const name = String(first).replace(/^\$/, '').toLowerCase();
  const value = given.get(name) ?? '';
  const holds =
    operator === 'eq' ? value === second : operator === 'starts-with' && value.startsWith(second);
  if (holds) return name;
  const shown = JSON.stringify([operator, `$${name}`, second]);
  throw accessDenied(`Invalid according to Policy: Policy Condition failed: ${shown}`);
}

function exact(condition: unknown): [string, unknown] {
  const [pair, ...others] = Object.entries(condition as object);
  if (pair !== undefined && others.length === 0) return pair;
  throw new S3Error(400, 'InvalidPolicyDocument', 'Invalid Policy: Invalid Simple-Condition.');
}

function checkLength(bytes: number, least: number, most: number): void {
  if (bytes > most) {
    throw new S3Error(
      400,
      'EntityTooLarge',
      'Your proposed upload exceeds the maximum allowed size',
    );
  }
  if (bytes < least) {
    throw new S3Error(
      400,
      'EntityTooSmall',
      'Your proposed upload is smaller than the minimum allowed size',
    );
  }
}

function needed(fields: PostForm['fields'], name: string): string {
  const value = fields.get(name);
  if (value !== undefined) return value;
  throw new S3Error(400, 'InvalidArgument', `Bucket POST must contain a field named '${name}'.`);
}
