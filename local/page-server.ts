import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { basename, extname, join } from 'node:path';
import { build } from 'esbuild';
import { listenOnLoopback } from './loopback-server.ts';
import { isFromHere, isOwnHost, readBodyUpTo } from './own-site.ts';

export interface PageOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Lets go of the port, should it be held until now. */
  release?(): Promise<void>;
  readonly customerSocketUrl: string;
  /** Where the simulated Twilio is. Calls of the desk go there through this server: no CORS is needed. */
  readonly twilioUrl: string;
}

export interface PageServer {
  /** Such as `http://127.0.0.1:3000`. */
  readonly url: string;
  close(): Promise<void>;
}

interface Asset {
  readonly type: string;
  readonly body: string | Uint8Array;
}

/** What the simulated Twilio takes. */
const MAX_BODY_BYTES = 1024 * 1024;

const PAGES_DIR = join(import.meta.dirname, 'pages');
const DOCUMENTS = ['index.html', 'customer.html', 'desk/desk.html', 'icon.svg'];
const BUNDLES = ['index.css', 'customer.css', 'desk/desk.css', 'customer.ts', 'desk/desk.ts'];

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/**
 * Serves the customer's page and the agent's desk on 127.0.0.1, bundled once at the start.
 *
 * @throws when the port is taken (`EADDRINUSE`) or a page does not compile.
 */
export async function servePages(options: PageOptions): Promise<PageServer> {
  const { port, customerSocketUrl, twilioUrl } = options;
  const assets = await loadAssets({ customerSocketUrl, twilioUrl });
  const headers = securityHeaders(customerSocketUrl);
  const server = createServer((request, response) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    answer(request, response, assets, twilioUrl).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(502);
      response.end(`the simulated Twilio does not answer: ${(error as Error).message}`);
    });
  });
  await options.release?.();
  const { url, close } = await listenOnLoopback(server, port);
  return { url, close };
}

async function loadAssets(config: object): Promise<ReadonlyMap<string, Asset>> {
  const assets = new Map<string, Asset>();
  const add = (name: string, body: string | Uint8Array) =>
    assets.set(`/${name}`, { type: CONTENT_TYPES[extname(name)] ?? 'text/plain', body });
  for (const name of DOCUMENTS) add(basename(name), await readFile(join(PAGES_DIR, name)));
  const { outputFiles } = await build({
    entryPoints: BUNDLES.map((name) => join(PAGES_DIR, name)),
    outdir: '/',
    entryNames: '[name]',
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  for (const { path, contents } of outputFiles) add(path.slice(1), contents);
  add('config.json', JSON.stringify(config));
  return assets;
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
  assets: ReadonlyMap<string, Asset>,
  twilioUrl: string,
): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const asset = isRead(request) ? assets.get(path === '/' ? '/index.html' : path) : undefined;
  const isOurs = isFromHere(request, `http://${request.headers.host}`);
  // A link elsewhere may lead to a page; what it loads then is its own.
  if (!isOurs && !(asset !== undefined && isFollowedLink(request))) {
    response.writeHead(403).end();
  } else if (isDeskCall(request.method, path)) {
    await forward(request, response, `${twilioUrl}${path}`);
  } else if (asset === undefined) {
    response.writeHead(404).end();
  } else {
    response.setHeader('content-type', asset.type).end(asset.body);
  }
}

const isRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

const isFollowedLink = (request: IncomingMessage): boolean =>
  isOwnHost(request) &&
  request.headers.origin === undefined &&
  request.headers['sec-fetch-mode'] === 'navigate';

/** As they are written, without anything that would be resolved on the way: `/agent/../faults` is none of them. */
function isDeskCall(method: string | undefined, path: string): boolean {
  if (method === 'GET' && /^\/agent\/(tasks|requests)$/.test(path)) return true;
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
  });
  response.writeHead(answered.status, { 'content-type': 'application/json' });
  response.end(Buffer.from(await answered.arrayBuffer()));
}
