/** An HTTP server in a thread of its own: it goes on while the thread of the test is frozen. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** Numbers that both threads see. */
const COUNTER = { connections: 0, requests: 1, orders: 2 } as const;

type Order = 'reset' | 'reset next request';

export interface ResettingServer {
  readonly url: string;
  /** Resets every connection. The calling thread is frozen until it is done, so it does not notice. */
  resetWhileFrozen(): void;
  /** Instead of answering it, resets the connection of the next request. */
  resetNextRequest(): void;
  count(what: 'connections' | 'requests'): number;
  close(): Promise<unknown>;
}

export async function startResettingServer(): Promise<ResettingServer> {
  const counters = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
  const file = path.join(import.meta.dirname, 'resetting-server.ts');
  const worker = new Worker(file, { workerData: counters });
  const [port] = await once(worker, 'message');
  const order = (what: Order) => {
    const before = Atomics.load(counters, COUNTER.orders);
    worker.postMessage(what);
    Atomics.wait(counters, COUNTER.orders, before);
  };
  return {
    url: `http://127.0.0.1:${port}`,
    resetWhileFrozen: () => order('reset'),
    resetNextRequest: () => order('reset next request'),
    count: (what) => Atomics.load(counters, COUNTER[what]),
    close: () => worker.terminate(),
  };
}

function serve(counters: Int32Array): void {
  const sockets = new Set<Socket>();
  let isToReset = false;
  const server = createServer((request, response) => {
    Atomics.add(counters, COUNTER.requests, 1);
    if (isToReset) request.socket.resetAndDestroy();
    else response.end('{}');
    isToReset = false;
  });
  server.on('connection', (socket) => {
    Atomics.add(counters, COUNTER.connections, 1);
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  parentPort?.on('message', (order: Order) => {
    if (order === 'reset next request') isToReset = true;
    else for (const socket of sockets) socket.resetAndDestroy();
    Atomics.add(counters, COUNTER.orders, 1);
    Atomics.notify(counters, COUNTER.orders);
  });
  server.listen(0, '127.0.0.1', () => {
    parentPort?.postMessage((server.address() as AddressInfo).port);
  });
}

if (!isMainThread && workerData instanceof Int32Array) serve(workerData);
