import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import { launchBrowser, type TestBrowser } from '#test/support/browser';
import { type ScriptedChat, startScriptedChat } from '#test/support/scripted-chat';

const PROJECT = path.join(import.meta.dirname, '..', '..', '..', '..');

let chat: ScriptedChat;
let pages: Server;
let browser: TestBrowser;

beforeAll(async () => {
  [chat, browser] = await Promise.all([startScriptedChat(), launchBrowser()]);
  const frame = await chatPage(chat.customerSocketUrl);
  const outer = '<iframe sandbox="allow-scripts" src="/frame"></iframe>';
  pages = createServer((request, response) => {
    response.setHeader('content-type', 'text/html').end(request.url === '/frame' ? frame : outer);
  });
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await browser?.close();
  await chat?.close();
  pages?.close();
});

/** A page that shows the bodies of what was said, with the client inside it. */
async function chatPage(url: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: PROJECT,
    entryPoints: ['client/sdk/index.ts'],
    bundle: true,
    format: 'iife',
    globalName: 'sdk',
    write: false,
  });
  return `<body></body><script>${outputFiles[0]?.text}
    const chat = sdk.createChatClient({ url: ${JSON.stringify(url)} });
    chat.on('change', ({ connection, timeline }) => {
      const said = timeline.filter(({ kind }) => kind === 'message');
      document.body.textContent = connection.name + ' ' + said.map(({ message }) => message.body);
    });
    chat.connect();
    chat.send('hello');
  </script>`;
}

describe('the client in a frame to which the browser grants no storage and no locks', () => {
  test('delivers a message', async () => {
    const { port } = pages.address() as AddressInfo;

    const { page } = await browser.open(`http://127.0.0.1:${port}/`);
    const shown = page.frameLocator('iframe').getByText('online hello');

    await shown.waitFor();
    expect(await shown.count()).toBe(1);
  });
});
