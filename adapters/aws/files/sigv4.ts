/**
 * Signature Version 4, as far as S3 needs it here: one form and three requests. The SDK's clients
 * for it weigh more than all else that these functions start with.
 * Source: Amazon S3 API reference, "Authenticating Requests (AWS Signature Version 4)".
 */
import { createHash, createHmac } from 'node:crypto';

/** As Lambda gives them to a function, with its region; they change, so they are asked for each call. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Absent only where they are lasting ones. */
  readonly sessionToken?: string | undefined;
  readonly region: string;
}

export const ALGORITHM = 'AWS4-HMAC-SHA256';

/** `20261128T180000Z` */
export const basicDate = (atMs: number): string =>
  new Date(atMs).toISOString().replace(/[-:]|\.\d{3}/g, '');

export function credentialScope(date: string, region: string): string {
  return `${date.slice(0, 8)}/${region}/s3/aws4_request`;
}

/** @param scope as `credentialScope` gives it. */
export function sign({ secretAccessKey }: Credentials, scope: string, text: string): string {
  const key = scope
    .split('/')
    .reduce<Buffer | string>((above, part) => hmac(above, part), `AWS4${secretAccessKey}`);
  return hmac(key, text).toString('hex');
}

const hmac = (key: Buffer | string, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

const EMPTY_HASH = createHash('sha256').digest('hex');

/** The headers of a request without a body. */
export function signedHeaders(
  method: 'GET' | 'DELETE',
  url: URL,
  extra: Readonly<Record<string, string>>,
  { credentials, nowMs }: SigningContext,
): Record<string, string> {
  const date = basicDate(nowMs);
  const { region, sessionToken } = credentials;
  const headers: Record<string, string> = {
    ...extra,
    'x-amz-content-sha256': EMPTY_HASH,
    'x-amz-date': date,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
  };
  const lines = Object.entries({ ...headers, host: url.host }).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = lines.map(([name]) => name).join(';');
  const canonical = [
    method,
    url.pathname,
    '',
    ...lines.map(([name, value]) => `${name}:${value}`),
    '',
    names,
    EMPTY_HASH,
  ].join('\n');
  const scope = credentialScope(date, region);
  const digest = createHash('sha256').update(canonical).digest('hex');
  const signature = sign(credentials, scope, [ALGORITHM, date, scope, digest].join('\n'));
  const credential = `${credentials.accessKeyId}/${scope}`;
  return {
    ...headers,
    authorization: `${ALGORITHM} Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

export interface SigningContext {
  readonly credentials: Credentials;
  readonly nowMs: number;
}

/** What Lambda sets in each function's environment. */
export function lambdaCredentials(source: NodeJS.ProcessEnv): () => Credentials {
  return () => ({
    accessKeyId: source['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: source['AWS_SECRET_ACCESS_KEY'] ?? '',
    sessionToken: source['AWS_SESSION_TOKEN'],
    region: source['AWS_REGION'] ?? '',
  });
}
