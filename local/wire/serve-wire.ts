import type { ServerResponse } from 'node:http';
import type { WireLog } from './wire-log.ts';

/** A page that does not keep up misses entries rather than filling the memory. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** Sends the log to one page as server-sent events, until the page is gone. */
export function serveWire(log: WireLog, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  // A page that comes back after a restart would take new numbers for old ones.
  response.write('event: begin\ndata: \n\n');
  const unfollow = log.follow((entry) => {
    if (response.writableLength > MAX_WAITING_BYTES) return;
    response.write(`data: ${JSON.stringify(entry)}\n\n`);
  });
  response.on('close', unfollow);
}
