/** A bucket's own address: forms of browsers, and signed calls of the functions. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '#local/loopback-server';
import { isOwnHost, readBodyUpTo } from '#local/own-site';
import type { AwsAnswer, AwsRequest } from '../aws/aws-service.ts';
import type { Caller } from '../aws/callers.ts';
import { isAllowed } from '../aws/iam.ts';
import type { LocalBucket } from './bucket.ts';
import type { TellOfObject } from './object-events.ts';
import { verifyPost } from './post-policy.ts';
import { readForm } from './read-form.ts';
import { accessDenied, S3Error } from './s3-error.ts';

/** More than the largest file that the channel takes. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

export interface BucketServerOptions {
  readonly bucket: LocalBucket;
  readonly callers: readonly Caller[];
  /** Verifies and answers a call that is signed by its headers. */
  readonly answer: (request: AwsRequest) => Promise<AwsAnswer>;
  readonly tell: TellOfObject;
  readonly nowMs: () => number;
  readonly log: (line: string) => void;
}

export interface BucketServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  close(): Promise<void>;
}

export function startBucketServer(options: BucketServerOptions): Promise<BucketServer> {
  const server = createServer((incoming, outgoing) => {
    serve(options, incoming)
      .then((answer) => write(outgoing, withCors(options.bucket, incoming, answer)))
      .catch((error: Error) => outgoing.destroy(error));
  });
  return listenOnLoopback(server);
}

async function serve(options: BucketServerOptions, incoming: IncomingMessage): Promise<AwsAnswer> {
  try {
    if (!isOwnHost(incoming)) throw accessDenied('Access Denied');
    if (incoming.method === 'OPTIONS') return preflight(options.bucket, incoming);
    const body = await readBodyUpTo(incoming, MAX_BODY_BYTES);
    if (body === undefined)
      throw new S3Error(400, 'EntityTooLarge', 'larger than the local stack takes');
    if (incoming.method === 'POST') return await post(options, incoming, body);
    return await callOf(options, incoming, body);
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    options.log(`s3 ${error.code}: ${error.message}`);
    return error.answer;
  }
}

function preflight(bucket: LocalBucket, { headers }: IncomingMessage): AwsAnswer {
  const method = String(headers['access-control-request-method']);
  const asked = String(headers['access-control-request-headers'] ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const allowed = bucket.corsHeaders(headers.origin, method, asked);
  if (Object.keys(allowed).length > 0) return { status: 200, headers: allowed };
  throw new S3Error(403, 'AccessForbidden', 'CORSResponse: This CORS request is not allowed.');
}

async function post(
  { bucket, callers, tell, nowMs }: BucketServerOptions,
  { headers }: IncomingMessage,
  body: Buffer,
): Promise<AwsAnswer> {
  const { fields, file } = await readForm(headers['content-type'] ?? '', body);
  const form = { fields, fileBytes: file.length };
  const caller = verifyPost(form, bucket.name, callers, nowMs());
  const key = fields.get('key') ?? '';
  const resource = `${bucket.arn}/${key}`;
  if (key === '' || !isAllowed(caller.statements, { action: 's3:PutObject', resource })) {
    throw accessDenied('Access Denied');
  }
  const metadata = [...fields].filter(([name]) => name.startsWith('x-amz-meta-'));
  const stored = bucket.put(key, {
    bytes: file,
    contentType: fields.get('content-type') ?? 'binary/octet-stream',
    metadata: Object.fromEntries(metadata),
  });
  tell(key, stored);
  return { status: 204, headers: { etag: `"${stored.eTag}"` } };
}

async function callOf(
  { answer }: BucketServerOptions,
  incoming: IncomingMessage,
  body: Buffer,
): Promise<AwsAnswer> {
  const headers = Object.entries(incoming.headersDistinct).map(
    ([name, values = []]) => [name, values.join(',')] as const,
  );
  const answered = await answer({
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: Object.fromEntries(headers),
    body,
  });
  const isOurs = answered.status < 400 || answered.headers?.['content-type'] === 'application/xml';
  return isOurs ? answered : accessDenied('Access Denied').answer;
}

function withCors(
  bucket: LocalBucket,
  { headers, method = '' }: IncomingMessage,
  answer: AwsAnswer,
): AwsAnswer {
  if (method === 'OPTIONS') return answer;
  return {
    ...answer,
    headers: { ...answer.headers, ...bucket.corsHeaders(headers.origin, method) },
  };
}

function write(outgoing: ServerResponse, { status, headers, body }: AwsAnswer): void {
  outgoing.writeHead(status, headers).end(body);
}
