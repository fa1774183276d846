import type { AddressInfo, Server, Socket } from 'node:net';

export interface LoopbackServer {
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Stops listening and cuts all connections, also those that have become WebSockets; harmless when repeated. */
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1 only.
 * @param port 0 takes a free one.
 * @throws Error of Node when the port is taken.
 */
export async function listenOnLoopback(server: Server, port = 0): Promise<LoopbackServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: given } = server.address() as AddressInfo;
  return {
    port: given,
    url: `http://127.0.0.1:${given}`,
    close: () =>
      new Promise((resolve) => {
        // A server that has ended says so by an error, which is the same here.
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
