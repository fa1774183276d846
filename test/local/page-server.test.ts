import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { type PageServer, servePages } from '#local/page-server';
import { WireLog } from '#local/wire/wire-log';
import { type HttpStub, startHttpStub } from '#test/support/http-stub';

const SOCKET_URL = 'ws://127.0.0.1:4567/live';
const wire = new WireLog({ now: Date.now });
const OPTIONS = {
  port: 0,
  customerSocketUrl: SOCKET_URL,
  backEnd: 'conversations',
  routing: 'task',
  wire,
};
const PAGES_DIR = path.join(import.meta.dirname, '..', '..', 'local', 'pages');

let twilio: HttpStub;
let pages: PageServer;

beforeAll(async () => {
  twilio = await startHttpStub(({ method }) => ({
    status: method === 'GET' ? 200 : 409,
    body: '[]',
  }));
  pages = await servePages({ ...OPTIONS, twilioUrl: twilio.url });
});

afterAll(async () => {
  await pages.close();
  await twilio.stop();
});

/** Status of a request; unlike `fetch`, any `Host` can be named, and the path goes out as it is. */
function statusWith(
  headers: Record<string, string>,
  path = '/agent/tasks',
  method = 'GET',
): Promise<number> {
  return new Promise((resolve, reject) => {
    request(pages.url, { headers, path, method }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('servePages', () => {
  test.each([
    ['/', 'text/html'],
    ['/shop.html', 'text/html'],
    ['/wire.html', 'text/html'],
    ['/desk.html?any=query', 'text/html'],
    ['/shop.js', 'text/javascript'],
    ['/embed.js', 'text/javascript'],
    ['/desk.js', 'text/javascript'],
    ['/demo.css', 'text/css'],
    ['/shop.css', 'text/css'],
    ['/desk.css', 'text/css'],
    ['/icon.svg', 'image/svg+xml'],
    ['/kettle.svg', 'image/svg+xml'],
  ])('serves %s as %s', async (name, type) => {
    const response = await fetch(`${pages.url}${name}`);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain(type);
  });

  test('tells the pages where customers connect, and how Flex is used', async () => {
    const script = await (await fetch(`${pages.url}/shop.js`)).text();

    expect(script).toContain(`customerSocketUrl: "${SOCKET_URL}"`);
  });

  test.each(['/nothing.html', '/../page-server.ts', '/shop.ts'])('has no %s', async (name) => {
    expect((await fetch(`${pages.url}${name}`)).status).toBe(404);
  });

  test('allows own scripts and styles, its own server and the one socket, and nothing else', async () => {
    const { headers } = await fetch(pages.url);

    const policy = headers.get('content-security-policy')?.split('; ');

    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self' ws://127.0.0.1:4567",
        "require-trusted-types-for 'script'",
      ]),
    );
    expect(policy?.join()).not.toContain('unsafe');
  });

  test('rejects with EADDRINUSE when the port is taken', async () => {
    const port = Number(new URL(pages.url).port);

    const second = servePages({ ...OPTIONS, port, twilioUrl: twilio.url });

    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('passes the calls of the desk on, and the answers back', async () => {
    const answered = await fetch(`${pages.url}/agent/tasks/WT1/accept`, {
      method: 'POST',
      body: '{"name":"Ada"}',
    });

    expect(answered.status).toBe(409);
    expect(twilio.requests.at(-1)).toMatchObject({
      method: 'POST',
      path: '/agent/tasks/WT1/accept',
      body: '{"name":"Ada"}',
    });
  });

  test('says so when the simulated Twilio does not answer', async () => {
    const alone = await servePages({ ...OPTIONS, twilioUrl: 'http://127.0.0.1:9' });

    const { status } = await fetch(`${alone.url}/agent/tasks`);

    await alone.close();
    expect(status).toBe(502);
  });

  test.each([
    ['another web site', { origin: 'https://evil.example' }, 403],
    ['a name bent to this machine', { host: 'evil.example:3000' }, 403],
    ['a name that only begins right', { host: 'localhost.evil.example:3000' }, 403],
    ['its own page', {}, 200],
  ])('answers %s (%j) with %i', async (_, headers, expected) => {
    expect(await statusWith(headers)).toBe(expected);
  });

  test.each([
    ['an image or script of another web site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a page on another port', { 'sec-fetch-site': 'same-site' }, 403],
    ['its own page', { 'sec-fetch-site': 'same-origin' }, 200],
    ['a person who enters the address', { 'sec-fetch-site': 'none' }, 200],
  ])('answers %s (%j) with %i', async (_, headers, expected) => {
    expect(await statusWith(headers)).toBe(expected);
  });

  test('lets a link of another web site lead to a page, not to the desk', async () => {
    const followed = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };

    expect(await statusWith(followed, '/')).toBe(200);
    expect(await statusWith(followed)).toBe(403);
    expect(await statusWith({ ...followed, host: 'evil.example' }, '/')).toBe(403);
  });

  const OUTSIDE = [
    ...['/agent/../faults', '/agent/%2e%2e/faults', '/agent/%2E%2E/faults', '/agent/..%2ffaults'],
    ...['/agent/tasks/../../faults', '/agent/tasks/WT1/../../../faults', '/agent/./../faults'],
    ...['//faults', '/agent//tasks', '//agent/tasks', '/agent\\..\\faults', '/agent/;/../faults'],
    ...[
      '/agent/tasks/',
      '/agent/tasks/WT1',
      '/agent/tasks/WT1/accept/',
      '/agent/faults',
      '/faults',
    ],
    ...[
      'http://127.0.0.1/agent/tasks',
      'http://127.0.0.1/faults',
      '/agent/tasks%00',
      '/Agent/tasks',
    ],
    ...['/agent/..', '/agent/tasks/..%2f..%2ffaults/x', '/conversations.twilio.com/v1/Services'],
  ];

  test.each(OUTSIDE.flatMap((path) => ['GET', 'POST', 'PUT'].map((method) => [method, path])))(
    'passes no %s %s on',
    async (method, path) => {
      const before = twilio.requests.length;

      const status = await statusWith({}, path, method);

      expect([400, 404]).toContain(status);
      expect(twilio.requests).toHaveLength(before);
    },
  );

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE', 'POST'])(
    'passes no %s of the list of tasks on',
    async (method) => {
      const before = twilio.requests.length;

      expect(await statusWith({}, '/agent/tasks', method)).toBe(404);
      expect(twilio.requests).toHaveLength(before);
    },
  );

  test('lets its own page make things go wrong, by name only', async () => {
    const put = (body: string) => fetch(`${pages.url}/demo/faults`, { method: 'PUT', body });
    const before = twilio.requests.length;

    expect((await put('["unknown"]')).status).toBe(400);
    expect((await put('no JSON')).status).toBe(400);
    expect((await put(`["${'x'.repeat(1024 * 1024)}"]`)).status).toBe(400);
    expect(await statusWith({ origin: 'https://evil.example' }, '/demo/faults', 'PUT')).toBe(403);
    expect(await statusWith({}, '/demo/faults', 'DELETE')).toBe(404);
    expect(twilio.requests).toHaveLength(before);

    // The stub refuses everything but reads.
    expect((await put('["slow"]')).status).toBe(502);
    expect(twilio.requests.at(-1)).toMatchObject({ method: 'PUT', path: '/faults' });
  });

  test('sends what goes over the wire, from the last few entries on, to its own page only', async () => {
    wire.watch({ kind: 'frame', title: 'hello', body: '{"token":"secret"}' });
    const leaving = new AbortController();

    const { body } = await fetch(`${pages.url}/demo/wire`, { signal: leaving.signal });
    const told = body?.pipeThrough(new TextDecoderStream()).getReader();
    const { value = '' } = (await told?.read()) ?? {};
    const { value: rest = '' } = value.includes('hello') ? {} : ((await told?.read()) ?? {});

    expect(value + rest).toMatch(/^event: begin\n/);
    expect(value + rest).toContain('"title":"hello"');
    expect(value + rest).toContain('secr••••');
    expect(value + rest).not.toContain('secret');
    leaving.abort();
    const followed = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect(await statusWith(followed, '/demo/wire')).toBe(403);
  });

  test('takes no endless body', async () => {
    const answered = await fetch(`${pages.url}/agent/tasks/WT1/messages`, {
      method: 'POST',
      body: 'x'.repeat(1024 * 1024 + 1),
    });

    expect(answered.status).toBe(413);
  });

  test('answers its own page when the browser names the origin', async () => {
    expect(await statusWith({ origin: pages.url })).toBe(200);
  });
});

describe('the pages', () => {
  const names = readdirSync(PAGES_DIR, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => path.extname(name) !== '');
  const sources = files.map((name) => ({
    name,
    text: readFileSync(path.join(PAGES_DIR, name), 'utf8'),
  }));

  test.each(sources.filter(({ name }) => name.endsWith('.ts')))(
    '$name writes no markup',
    ({ text }) => {
      expect(text).not.toMatch(
        /innerHTML|outerHTML|insertAdjacentHTML|setHTML|document\.write|DOMParser|createContextualFragment/,
      );
    },
  );

  test.each(sources.filter(({ name }) => name.endsWith('.html')))(
    '$name has no inline script or style',
    ({ text }) => {
      expect(text).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
    },
  );
});
