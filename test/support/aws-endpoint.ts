import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { AwsRequest, AwsService } from '#local/emulators/aws/aws-service';

/** One service on a port of its own, for SDK clients; signatures and roles are not looked at. */
export async function serveAws(service: AwsService) {
  const server = createServer(async (incoming, outgoing) => {
    const request = await toRequest(incoming);
    const refused = service.permissionFor(request) === undefined;
    const answer = refused
      ? { status: 400, body: '{"__type":"UnknownOperationException"}' }
      : await service.handle(request);
    outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    client: {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'secret' },
      maxAttempts: 1,
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function toRequest(incoming: IncomingMessage): Promise<AwsRequest> {
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers as Record<string, string>,
    body: await buffer(incoming),
  };
}

/** A call as an SDK would make it. */
export function awsCall(target: string, parameters: object): AwsRequest {
  return {
    method: 'POST',
    path: '/',
    headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' },
    body: Buffer.from(JSON.stringify(parameters)),
  };
}
