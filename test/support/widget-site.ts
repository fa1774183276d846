/** A website with the widget on it: the built files, and pages under a strict policy. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { bundleWidget } from '../../scripts/package/bundle.ts';

export interface WidgetSite {
  readonly url: string;
  /** Requests for files of the widget since the last call. */
  takeRequests(): string[];
  /** The next pages: `script` runs before their script tags, of which there is one unless `tags` says otherwise. */
  page: {
    readonly head?: string;
    readonly body?: string;
    readonly script?: string;
    readonly tags?: number;
  };
  /** Whether pages enforce Trusted Types and forbid inline script and style. Default: yes. */
  isStrict: boolean;
  close(): Promise<void>;
}

export async function startWidgetSite(): Promise<WidgetSite> {
  const { embed, modules } = await bundleWidget();
  const files = new Map([embed, ...modules].map(({ name, contents }) => [name, contents]));
  let requests: string[] = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    if (pathname === '/') {
      if (site.isStrict) response.setHeader('content-security-policy', STRICT);
      response.setHeader('content-type', 'text/html; charset=utf-8');
      const { head = '', body = '', tags = 1 } = site.page;
      const embed = '<script src="/embed.js"></script>'.repeat(tags);
      response.end(
        `<!doctype html><html lang="en"><head><title>Shop</title>${head}</head><body>${body}<script src="/page.js"></script>${embed}</body></html>`,
      );
    } else if (pathname === '/page.js') {
      response.setHeader('content-type', 'text/javascript');
      response.end(site.page.script ?? '');
    } else {
      requests.push(pathname.slice(1));
      const file = files.get(path.basename(pathname));
      response.setHeader('content-type', 'text/javascript; charset=utf-8');
      // Modules are fetched with CORS, and a sandboxed frame has no origin.
      response.setHeader('access-control-allow-origin', '*');
      response.writeHead(file ? 200 : 404).end(file);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const site: WidgetSite = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    page: {},
    isStrict: true,
    takeRequests() {
      const taken = requests;
      requests = [];
      return taken;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return site;
}

const STRICT = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  'connect-src *',
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');
