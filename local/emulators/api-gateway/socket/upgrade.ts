import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Refusal } from './authorize.ts';
import { type Admission, admit } from './handshake.ts';
import type { SocketRuntime } from './socket-runtime.ts';

const MAX_MESSAGE_BYTES = 131_072;

export interface UpgradeListener {
  /** The handshake is complete; nothing has been read from the raw socket yet. */
  opened(admission: Admission, socket: WebSocket, raw: Duplex): void;
  /** The client left while `$connect`, which let it in, was running. */
  lost(admission: Admission): void;
}

/** Turns upgrade requests into WebSockets, or answers them with a plain HTTP status. */
export class Upgrader {
  readonly #runtime: SocketRuntime;
  readonly #listener: UpgradeListener;
  readonly #subprotocols = new WeakMap<IncomingMessage, string>();
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false, // whether AWS negotiates it is unconfirmed
    handleProtocols: () => false, // the header comes from $connect alone
  });

  constructor(runtime: SocketRuntime, listener: UpgradeListener) {
    this.#runtime = runtime;
    this.#listener = listener;
    this.#server.on('headers', (headers, request) => {
      const subprotocol = this.#subprotocols.get(request);
      if (subprotocol !== undefined) headers.push(`Sec-WebSocket-Protocol: ${subprotocol}`);
    });
  }

  async upgrade(request: IncomingMessage, raw: Duplex, head: Buffer): Promise<void> {
    raw.on('error', () => raw.destroy());
    const admitted = await admit(this.#runtime, request);
    if ('refusal' in admitted) refuse(raw, admitted.refusal);
    else if (raw.destroyed) this.#listener.lost(admitted.admission);
    else this.#complete(request, raw, head, admitted.admission);
  }

  #complete(request: IncomingMessage, raw: Duplex, head: Buffer, admission: Admission): void {
    if (admission.subprotocol !== undefined) {
      this.#subprotocols.set(request, admission.subprotocol);
    }
    this.#server.handleUpgrade(request, raw, head, (socket) =>
      this.#listener.opened(admission, socket, raw),
    );
  }
}

function refuse(raw: Duplex, { status, message }: Refusal): void {
  const body = JSON.stringify({ message });
  raw.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'Connection: close',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}
