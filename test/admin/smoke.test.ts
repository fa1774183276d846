import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { runCommand } from '#test/support/admin-command';
import { connectCustomer } from '../../admin/smoke/customer.ts';

const PATIENCE_MS = 30_000;

let server: WebSocketServer;
let url: string;
/** What a connection is sent for each of its frames. */
let answer: (frame: { ref: string }) => readonly string[];
const origins: (string | undefined)[] = [];

beforeAll(async () => {
  server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    handleProtocols: () => 'flex-channel.v1',
  });
  await once(server, 'listening');
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on('connection', (socket, { headers }) => {
    origins.push(headers.origin);
    socket.on('message', (data) => {
      for (const text of answer(JSON.parse(String(data)))) {
        if (text === 'close') socket.close(4000);
        else socket.send(text);
      }
    });
  });
});

afterAll(() => {
  for (const socket of server.clients) socket.terminate();
  server.close();
});

const ask = async (timeoutMs = PATIENCE_MS) => {
  const customer = await connectCustomer(url, 'https://www.example.com', PATIENCE_MS);
  return customer.ask({ action: 'hello' }, timeoutMs).finally(() => customer.close());
};

describe('the customer of flex-channel smoke', () => {
  test('comes from the first allowed origin', async () => {
    answer = ({ ref }) => [JSON.stringify({ type: 'session', ref })];
    await ask();

    expect(origins.at(-1)).toBe('https://www.example.com');
  });

  test('passes over what is no event, and takes the reply to its own frame', async () => {
    answer = ({ ref }) => [
      'no json',
      'null',
      '[]',
      '{"type":"new"}',
      JSON.stringify({ type: 'session', ref, n: 1 }),
    ];

    expect(await ask()).toMatchObject({ type: 'session', n: 1 });
  });

  test('tells the code of an error', async () => {
    answer = ({ ref }) => [
      JSON.stringify({ type: 'error', ref, code: 'too_fast', message: 'wait' }),
    ];

    await expect(ask()).rejects.toThrow('hello was answered too_fast: wait');
  });

  test('tells that there was no reply, or that the connection was closed before', async () => {
    answer = () => [];
    await expect(ask(20)).rejects.toThrow('no reply to hello within 0.02 s');

    answer = () => ['close'];
    await expect(ask()).rejects.toThrow('the connection was closed, code 4000');
  });

  test('tells that the handshake was refused', async () => {
    const refused = connectCustomer('ws://127.0.0.1:1', undefined, PATIENCE_MS);

    await expect(refused).rejects.toThrow('the handshake was refused');
  });
});

test.each(['0', '601', '1e2', '-1', 'soon', ''])(
  'flex-channel smoke takes no "%s" for a time-out',
  async (seconds) => {
    const { code, err } = await runCommand(`smoke --stage prod --timeout=${seconds}`);

    expect(code).toBe(2);
    expect(err).toContain('--timeout: expected whole seconds from 1 to 600.');
  },
);
