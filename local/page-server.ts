import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { build } from 'esbuild';

export interface PageOptions {
  /** 0 takes a free one. */
  readonly port: number;
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

const PAGES_DIR = join(import.meta.dirname, 'pages');
const DOCUMENTS = ['index.html', 'customer.html', 'desk.html', 'icon.svg'];
const BUNDLES = ['index.css', 'customer.css', 'desk.css', 'customer.ts', 'desk.ts'];

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
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function loadAssets(config: object): Promise<ReadonlyMap<string, Asset>> {
  const assets = new Map<string, Asset>();
  const add = (name: string, body: string | Uint8Array) =>
    assets.set(`/${name}`, { type: CONTENT_TYPES[extname(name)] ?? 'text/plain', body });
  for (const name of DOCUMENTS) add(name, await readFile(join(PAGES_DIR, name)));
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
  if (!isFromHere(request)) {
    response.writeHead(403).end();
  } else if (path.startsWith('/agent/')) {
    await forward(request, response, new URL(path, twilioUrl));
  } else {
    const asset = assets.get(path === '/' ? '/index.html' : path);
    if (asset === undefined) response.writeHead(404).end();
    else response.setHeader('content-type', asset.type).end(asset.body);
  }
}

/** Keeps other web sites in the developer's browser, and names that were bent to 127.0.0.1, away from the desk. */
function isFromHere({ headers }: IncomingMessage): boolean {
  const { host, origin } = headers;
  if (host === undefined || !/^(127\.0\.0\.1|localhost):\d+$/.test(host)) return false;
  return origin === undefined || origin === `http://${host}`;
}

async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  target: URL,
): Promise<void> {
  const method = request.method ?? 'GET';
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const answered = await fetch(target, {
    method,
    ...(method !== 'GET' && {
      body: Buffer.concat(chunks),
      headers: { 'content-type': 'application/json' },
    }),
  });
  response.writeHead(answered.status, { 'content-type': 'application/json' });
  response.end(Buffer.from(await answered.arrayBuffer()));
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}
