import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface StubRequest {
  readonly method: string;
  /** As received, percent-encoding untouched. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface StubAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** `silent`: no answer ever. `stalled`: headers, but a body that never ends. */
export type StubBehaviour = StubAnswer | 'silent' | 'stalled';

export interface HttpStub {
  readonly url: string;
  readonly requests: StubRequest[];
  stop(): Promise<void>;
}

/** A server on loopback that records requests and answers as the test says. */
export async function startHttpStub(
  answer: (request: StubRequest) => StubBehaviour | Promise<StubBehaviour>,
): Promise<HttpStub> {
  const requests: StubRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    const request = { method, path: url, headers, body: (await buffer(incoming)).toString() };
    requests.push(request);
    const behaviour = await answer(request);
    if (behaviour === 'silent') return;
    if (behaviour === 'stalled') {
      outgoing.writeHead(200, { 'content-length': '10' }).write('{');
      return;
    }
    outgoing.writeHead(behaviour.status, behaviour.headers).end(behaviour.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Points AWS clients that are configured by the environment at a stub. Jest gives each test file its own environment. */
export function useAwsEndpoint(url: string): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
}
