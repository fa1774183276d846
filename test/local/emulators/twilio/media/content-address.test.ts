import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { contentAddress, sendContent } from '#local/emulators/twilio/media/content-address';
import { storeMedia } from '#local/emulators/twilio/media/stored-media';
import { createWorld } from '#local/emulators/twilio/world/create-world';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  CHAT_SERVICE_SID,
  INSTANCE_SID,
  WORKSPACE_SID,
} from '#test/support/scripted-twilio';

const MINUTE_MS = 60_000;
const NOW_MS = 1_790_000_000_000;

const world = createWorld({
  account: {
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    apiKeys: [],
    chatServiceSid: CHAT_SERVICE_SID,
    workspaceSid: WORKSPACE_SID,
    workflows: [],
    studioFlows: [],
    flexInstanceSid: INSTANCE_SID,
  },
});
const server = createServer((request, response) => sendContent(world, request, response));
const at = (nowMs: number) => jest.spyOn(world, 'nowMs').mockReturnValue(nowMs);

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => server.close());

describe('the address of a file', () => {
  const bytes = Uint8Array.from([1, 2, 3]);
  const { sid } = storeMedia(world, { filename: 'a.png', contentType: 'image/png', bytes });

  const address = () => {
    at(NOW_MS);
    const { port } = server.address() as AddressInfo;
    return contentAddress(world, `http://127.0.0.1:${port}`, sid);
  };
  const statusOf = async (url: string) => (await fetch(url)).status;

  test('is good for five minutes', async () => {
    const url = address();

    at(NOW_MS + 5 * MINUTE_MS);
    expect(await statusOf(url)).toBe(200);
    at(NOW_MS + 5 * MINUTE_MS + 1_000);
    expect(await statusOf(url)).toBe(403);
  });

  test('can not be made to last longer', async () => {
    const url = new URL(address());
    url.searchParams.set('Expires', String(NOW_MS / 1_000 + 3_600));

    expect(await statusOf(url.href)).toBe(403);
  });

  test('is that of one file', async () => {
    expect(await statusOf(address().replace(sid, `ME${'0'.repeat(32)}`))).toBe(403);
  });
});
