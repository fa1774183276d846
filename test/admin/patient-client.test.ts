import { PatientClient } from '../../admin/twilio/patient-client.ts';
import { aConfig, commandStage } from '../support/admin-command.ts';
import { type StubAnswer, startHttpStub } from '../support/http-stub.ts';
import { ACCOUNT_SID } from '../support/scripted-twilio.ts';

const URI = 'https://conversations.twilio.com/v1/Configuration';

/** @param answers one after the other; the last one again and again. */
async function serving(answers: readonly StubAnswer[]) {
  const left = [...answers];
  const stub = await startHttpStub(() => {
    const next = left.length > 1 ? left.shift() : left[0];
    return {
      ...next,
      body: JSON.stringify({ account_sid: ACCOUNT_SID, message: 'as told' }),
    } as StubAnswer;
  });
  const pauses: number[] = [];
  const client = new PatientClient({
    timeoutMs: 1_000,
    baseUrl: stub.url,
    sleep: async (ms) => void pauses.push(ms),
  });
  return { stub, client, pauses };
}

const get = { method: 'get', uri: URI } as const;
const put = (status: number, after?: string): StubAnswer => ({
  status,
  ...(after !== undefined && { headers: { 'retry-after': after } }),
});

describe("a command's client of Twilio", () => {
  test.each([
    [429, undefined, 500],
    [503, undefined, 500],
    [429, '3', 3_000],
    [503, '0', 0],
    [503, 'nonsense', 500],
  ])('comes again after %i with Retry-After %s', async (status, after, pauseMs) => {
    const { stub, client, pauses } = await serving([put(status, after), put(200)]);

    const { statusCode } = await client.request(get);

    expect(statusCode).toBe(200);
    expect(pauses).toEqual([pauseMs]);
    expect(stub.requests).toHaveLength(2);
    await stub.stop();
  });

  test('honours a date in Retry-After', async () => {
    const inTwoSeconds = new Date(Date.now() + 2_000).toUTCString();
    const { stub, client, pauses } = await serving([put(429, inTwoSeconds), put(200)]);

    await client.request(get);

    expect(pauses[0]).toBeLessThanOrEqual(2_000);
    await stub.stop();
  });

  test('gives up after the fifth try, with growing pauses', async () => {
    const { stub, client, pauses } = await serving([put(503)]);

    const { statusCode } = await client.request(get);

    expect(statusCode).toBe(503);
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000]);
    expect(stub.requests).toHaveLength(5);
    await stub.stop();
  });

  test.each([
    ['a longer pause than anybody waits for', put(429, '3600')],
    ['what is refused', put(400)],
    ['a fault that may have done something', put(500)],
  ])('does not repeat after %s', async (_name, answer) => {
    const { stub, client, pauses } = await serving([answer]);

    await client.request(get);

    expect(pauses).toEqual([]);
    expect(stub.requests).toHaveLength(1);
    await stub.stop();
  });

  test('sends the same form again', async () => {
    const { stub, client } = await serving([put(503), put(201)]);

    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const data = { FriendlyName: 'flex-channel qa' };
    await client.request({ method: 'post', uri: URI, headers, data });

    const bodies = stub.requests.map(({ body }) => body);
    expect(bodies).toEqual(Array(2).fill('FriendlyName=flex-channel%20qa'));
    await stub.stop();
  });
});

describe('a command that Twilio puts off for good', () => {
  test('ends with cause and cure, and says that it may be run again', async () => {
    const { stub } = await serving([put(429, '3600')]);

    const { code, err } = await commandStage(aConfig(), stub.url).run('provision --yes');

    expect(code).toBe(1);
    expect(err).toMatch(/Account: Twilio answered 429.*wait a minute/);
    expect(err).toContain('Run it again: it finds what it has made already, and nothing is lost.');
    await stub.stop();
  });
});
