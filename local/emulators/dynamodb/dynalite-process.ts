import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import type { AwsAnswer } from '../aws/aws-service.ts';
import { closeIteratorsAtTheirEnd } from './close-iterators.ts';

/** It wants to see a signature, and verifies none: that is the front door's part. */
const SIGNED = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  'x-amz-date': '20260101T000000Z',
};

const CONTENT_TYPE = 'application/x-amz-json-1.0';

/** The embedded database on a port of its own. */
export interface Dynalite {
  /** Passes a call on as it is. */
  forward(action: string, body: string | Buffer): Promise<AwsAnswer>;
  /**
   * Makes a call of our own.
   * @throws DynaliteError when it is refused.
   */
  call(action: string, parameters: object): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export class DynaliteError extends Error {
  override readonly name = 'DynaliteError';
  /** Without its namespace: `ResourceInUseException`. */
  readonly code: string;

  constructor(action: string, answer: { readonly __type?: string; readonly message?: string }) {
    const code = String(answer.__type).replace(/^.*#/, '');
    super(`${action}: ${code} ${answer.message ?? ''}`);
    this.code = code;
  }
}

/** @param path directory that keeps the data; without it the data ends with the process. */
export async function startDynalite(path?: string): Promise<Dynalite> {
  closeIteratorsAtTheirEnd();
  const server = dynalite({ createTableMs: 0, ...(path !== undefined && { path }) });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function forward(action: string, body: string | Buffer): Promise<AwsAnswer> {
    const target = `DynamoDB_20120810.${action}`;
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...SIGNED, 'content-type': CONTENT_TYPE, 'x-amz-target': target },
      body: body.toString(),
    });
    return {
      status: response.status,
      headers: { 'content-type': CONTENT_TYPE },
      body: await response.text(),
    };
  }

  return {
    forward,
    call: async (action, parameters) => {
      const answer = await forward(action, JSON.stringify(parameters));
      const body = JSON.parse(String(answer.body));
      if (answer.status !== 200) throw new DynaliteError(action, body);
      return body;
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
