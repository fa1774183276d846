/**
 * Verifies Signature Version 4.
 * Source: AWS documentation, "Create a signed AWS API request".
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { LOCAL_REGION } from '../../assembly/assembly.ts';
import type { AwsRequest } from './aws-service.ts';
import { canonicalRequest } from './canonical-request.ts';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MAX_SKEW_MS = 5 * 60_000;

/** The parts of an `Authorization` header. */
export interface Authorization {
  readonly accessKeyId: string;
  /** `YYYYMMDD` of the credential scope. */
  readonly date: string;
  readonly region: string;
  /** Such as `dynamodb`. */
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const AUTHORIZATION = new RegExp(
  `^${ALGORITHM} Credential=([^/,]+)/(\\d{8})/([^/,]+)/([^/,]+)/aws4_request, ?` +
    'SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$',
);

/** @returns undefined when the header is missing or malformed. */
export function parseAuthorization(header: string | undefined): Authorization | undefined {
  const match = AUTHORIZATION.exec(header ?? '');
  if (match === null) return undefined;
  const [, accessKeyId = '', date = '', region = '', service = '', names = '', signature = ''] =
    match;
  return { accessKeyId, date, region, service, signedHeaders: names.split(';'), signature };
}

/**
 * Checks the signature, and that the request is neither old nor altered.
 * @returns what is wrong with it, or undefined when it is good.
 */
export function signatureProblem(
  request: AwsRequest,
  authorization: Authorization,
  secretAccessKey: string,
  nowMs: number,
): string | undefined {
  const { headers } = request;
  const signedAt = headers['x-amz-date'] ?? '';
  const payloadHash = createHash('sha256').update(request.body).digest('hex');
  const unsigned = mustBeSigned(headers).find(
    (name) => !authorization.signedHeaders.includes(name),
  );
  if (unsigned !== undefined) return `'${unsigned}' must be a signed header`;
  if (authorization.region !== LOCAL_REGION) return 'Credential should be scoped to a valid region';
  if (!signedAt.startsWith(authorization.date)) return 'Date in Credential scope does not match';
  // The negation also catches a date that cannot be read.
  if (!(Math.abs(nowMs - basicDateMs(signedAt)) <= MAX_SKEW_MS))
    return `Signature expired: ${signedAt}`;
  if ((headers['x-amz-content-sha256'] ?? payloadHash) !== payloadHash) {
    return "The value of 'x-amz-content-sha256' does not match the body";
  }
  const expected = sign(request, authorization, secretAccessKey, signedAt, payloadHash);
  return timingSafeEqual(Buffer.from(expected), Buffer.from(authorization.signature))
    ? undefined
    : 'The request signature we calculated does not match the signature you provided';
}

/** What names the host, the time, the operation and the body must not be exchangeable. */
function mustBeSigned(headers: AwsRequest['headers']): string[] {
  return [
    'host',
    'x-amz-date',
    ...Object.keys(headers).filter((name) => name.startsWith('x-amz-')),
  ];
}

/** `20261122T063000Z` in milliseconds; NaN when it is something else. */
function basicDateMs(text: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month, day, hour, minute, second] = match;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function sign(
  request: AwsRequest,
  { date, region, service, signedHeaders }: Authorization,
  secretAccessKey: string,
  signedAt: string,
  payloadHash: string,
): string {
  const canonical = canonicalRequest(request, signedHeaders, payloadHash, service);
  const digest = createHash('sha256').update(canonical).digest('hex');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const key = [date, region, service, 'aws4_request'].reduce<Buffer | string>(
    hmac,
    `AWS4${secretAccessKey}`,
  );
  return hmac(key, [ALGORITHM, signedAt, scope, digest].join('\n')).toString('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
