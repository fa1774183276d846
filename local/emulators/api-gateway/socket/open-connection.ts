import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { type Closing, Connection, nameIn } from './connection.ts';
import type { DisconnectDelivery } from './disconnects.ts';
import { FrameWatcher } from './frame-watcher.ts';
import type { Admission } from './handshake.ts';
import { receiveMessage } from './messages.ts';
import type { SocketRuntime } from './socket-runtime.ts';

const MAX_FRAME_BYTES = 32_768;

/** What API Gateway reports for a client that closes without a code, which RFC 6455 calls 1005. */
const NO_CODE = { code: 1005, reason: 'Client-side close frame status not set' };
/** Reasons of the closings by the server are unconfirmed, except for limits and DELETE. */
const NOT_TEXT = { code: 1003, reason: '' };
const TOO_BIG = { code: 1009, reason: '' };

/** Registers a connection and lets its messages in. */
export function openConnection(
  runtime: SocketRuntime,
  disconnects: DisconnectDelivery,
  { facts }: Admission,
  socket: WebSocket,
  raw: Duplex,
): void {
  const { connections, clock, limits, watch } = runtime;
  const { connectionId } = facts;
  const ended = (closing: Closing) => {
    connections.delete(connectionId);
    disconnects.connectionEnded(facts, closing);
    watch({ kind: 'frame', title: `closed with ${closing.code}`, about: connectionId });
  };
  const connection = new Connection(facts, socket, clock, limits, ended, watch);
  watch({ kind: 'frame', title: 'connected', about: connectionId });
  connections.set(connectionId, connection);
  refuseLargeFrames(raw, connection);
  socket.on('message', (data, isBinary) => receive(runtime, connection, data, isBinary));
  socket.on('error', (error) => {
    if (isTooLarge(error)) connection.end(TOO_BIG);
  });
  // A loss of the network without a close frame comes as 1006; what AWS then reports is unconfirmed.
  socket.on('close', (code, reason) =>
    connection.end(code === NO_CODE.code ? NO_CODE : { code, reason: reason.toString() }),
  );
  disconnects.connectionOpened();
}

function receive(
  runtime: SocketRuntime,
  connection: Connection,
  data: RawData,
  isBinary: boolean,
): void {
  if (connection.isEnded) return;
  if (isBinary) {
    connection.end(NOT_TEXT);
    return;
  }
  connection.touch();
  const body = data.toString();
  const { connectionId } = connection.facts;
  const ended = runtime.watch({
    kind: 'frame',
    title: nameIn(body, 'action'),
    about: connectionId,
    body,
  });
  void receiveMessage(runtime, connection, body).finally(ended);
}

/** Listens before `ws` does, so that a frame that is too large never becomes a message. */
function refuseLargeFrames(raw: Duplex, connection: Connection): void {
  const watcher = new FrameWatcher((payloadBytes) => {
    if (payloadBytes > MAX_FRAME_BYTES) connection.end(TOO_BIG);
  });
  raw.prependListener('data', (chunk: Buffer) => watcher.read(chunk));
}

/** A message in several frames that is larger than 128 KB as a whole: `ws` has closed it with 1009. */
const isTooLarge = (error: Error): boolean =>
  'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
