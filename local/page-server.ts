import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { DemoFaults } from './demo/demo-faults.ts';
import { listenOnLoopback } from './loopback-server.ts';
import { isFromHere, isOwnHost, readBodyUpTo } from './own-site.ts';
import { type Asset, buildPages, type PageConstants } from './page-assets.ts';
import { serveWire } from './wire/serve-wire.ts';
import type { WireLog } from './wire/wire-log.ts';

export interface PageOptions extends PageConstants {
  /** 0 takes a free one. */
  readonly port: number;
  /** Lets go of the port, should it be held until now. */
  release?(): Promise<void>;
  /** Where the simulated Twilio is. Calls of the desk go there through this server: no CORS is needed. */
  readonly twilioUrl: string;
  /** What the wire's page shows. */
  readonly wire: WireLog;
}

export interface PageServer {
  /** Such as `http://127.0.0.1:3000`. */
  readonly url: string;
  close(): Promise<void>;
}

/** What the simulated Twilio takes. */
const MAX_BODY_BYTES = 1024 * 1024;

/** What all requests share. */
interface Site {
  readonly twilioUrl: string;
  readonly faults: DemoFaults;
  readonly wire: WireLog;
  /** Built when somebody first asks: most tests of the stack look at no page. */
  assets(): Promise<ReadonlyMap<string, Asset>>;
}

/**
 * Serves the demo's pages on 127.0.0.1: a shop with the widget, the agent's desk, and the wire.
 *
 * @throws when the port is taken (`EADDRINUSE`).
 */
export async function servePages(options: PageOptions): Promise<PageServer> {
  const { backEnd, customerSocketUrl, port, routing, twilioUrl, wire } = options;
  let assets: ReturnType<Site['assets']> | undefined;
  const site: Site = {
    twilioUrl,
    faults: new DemoFaults(twilioUrl),
    wire,
    assets: () => {
      assets ??= buildPages({ customerSocketUrl, backEnd, routing });
      return assets;
    },
  };
  const headers = securityHeaders(customerSocketUrl);
  const server = createServer((request, response) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    answer(request, response, site).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(502);
      response.end((error as Error).message);
    });
  });
  await options.release?.();
  const { url, close } = await listenOnLoopback(server, port);
  return { url, close };
}

/** No inline script or style, no text that becomes markup; sockets to the one server only. */
function securityHeaders(customerSocketUrl: string): [string, string][] {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${new URL(customerSocketUrl).origin}`,
    "frame-src 'self'",
    "frame-ancestors 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return [
    ['content-security-policy', policy.join('; ')],
    ['x-content-type-options', 'nosniff'],
    ['referrer-policy', 'no-referrer'],
    ['cache-control', 'no-store'],
  ];
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  site: Site,
): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const isOurs = isFromHere(request, `http://${request.headers.host}`);
  // A link elsewhere may lead to a page; what it loads then is its own.
  if (!isOurs && !(isPage(path) && isRead(request) && isFollowedLink(request))) {
    response.writeHead(403).end();
  } else if (isDeskCall(request.method, path)) {
    await forward(request, response, `${site.twilioUrl}${path}`);
  } else if (path === '/demo/faults') {
    await answerFaults(request, response, site.faults);
  } else if (path === '/demo/wire' && request.method === 'GET') {
    serveWire(site.wire, response);
  } else {
    await answerAsset(request, response, site, path);
  }
}

async function answerAsset(
  request: IncomingMessage,
  response: ServerResponse,
  site: Site,
  path: string,
): Promise<void> {
  const name = path === '/' ? '/index.html' : path;
  const asset = isRead(request) ? (await site.assets()).get(name) : undefined;
  if (asset === undefined) response.writeHead(404).end();
  else response.setHeader('content-type', asset.type).end(asset.body);
}

async function answerFaults(
  request: IncomingMessage,
  response: ServerResponse,
  faults: DemoFaults,
): Promise<void> {
  if (request.method === 'PUT') {
    const body = await readBodyUpTo(request, MAX_BODY_BYTES);
    if (body === undefined || !(await faults.set(parseJson(body.toString())))) {
      response.writeHead(400).end('expected a list of names of faults');
      return;
    }
  } else if (request.method !== 'GET') {
    response.writeHead(404).end();
    return;
  }
  response.setHeader('content-type', 'application/json').end(JSON.stringify(faults.list()));
}

/** @returns undefined for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isPage = (path: string): boolean => path === '/' || path.endsWith('.html');

const isRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

const isFollowedLink = (request: IncomingMessage): boolean =>
  isOwnHost(request) &&
  request.headers.origin === undefined &&
  request.headers['sec-fetch-mode'] === 'navigate';

/** As they are written, without anything that would be resolved on the way: `/agent/../faults` is none of them. */
function isDeskCall(method: string | undefined, path: string): boolean {
  if (method === 'GET' && /^\/agent\/(tasks|requests|templates)$/.test(path)) return true;
  return (
    (method === 'GET' || method === 'POST') && /^\/agent\/tasks\/WT[0-9a-z]+\/[a-z-]+$/.test(path)
  );
}

async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
): Promise<void> {
  const method = request.method ?? 'GET';
  const body = await readBodyUpTo(request, MAX_BODY_BYTES);
  if (body === undefined) {
    response.writeHead(413).end();
    return;
  }
  const answered = await fetch(target, {
    method,
    ...(method !== 'GET' && {
      body,
      headers: { 'content-type': 'application/json' },
    }),
  }).catch((error: Error) => {
    throw new Error(`the simulated Twilio does not answer: ${error.message}`);
  });
  response.writeHead(answered.status, { 'content-type': 'application/json' });
  response.end(Buffer.from(await answered.arrayBuffer()));
}
