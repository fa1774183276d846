/** The one endpoint behind `AWS_ENDPOINT_URL`. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../../loopback-server.ts';
import { isFromHere } from '../../own-site.ts';
import { type AuditEntry, AuditTrail } from './audit.ts';
import type { AwsAnswer, AwsRequest } from './aws-service.ts';
import { Gate, type GateOptions } from './gate.ts';

export interface FrontDoor {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** The last 10,000 calls, oldest first. */
  readonly audit: readonly AuditEntry[];
  /** Answers a call that came by another address. */
  answer(request: AwsRequest): Promise<AwsAnswer>;
  stop(): Promise<void>;
}

/** Listens on a free loopback port. */
export async function startFrontDoor(options: GateOptions): Promise<FrontDoor> {
  const trail = new AuditTrail();
  const gate = new Gate(options, trail);
  const server = createServer((incoming, outgoing) => {
    if (!isFromHere(incoming)) {
      outgoing.writeHead(403).end();
      return;
    }
    readRequest(incoming)
      .then((request) => gate.answer(request))
      .then((answer) => writeAnswer(outgoing, answer))
      .catch((error: Error) => outgoing.destroy(error));
  });
  const { url, close } = await listenOnLoopback(server);
  return {
    url,
    audit: trail.entries,
    answer: (request) => gate.answer(request),
    stop: close,
  };
}

async function readRequest(incoming: IncomingMessage): Promise<AwsRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: Object.fromEntries(
      Object.entries(incoming.headersDistinct).map(([name, values = []]) => [
        name,
        values.join(','),
      ]),
    ),
    body: Buffer.concat(chunks),
  };
}

function writeAnswer(outgoing: ServerResponse, { status, headers, body }: AwsAnswer): void {
  outgoing.writeHead(status, { 'x-amzn-requestid': randomUUID(), ...headers });
  outgoing.end(body);
}
