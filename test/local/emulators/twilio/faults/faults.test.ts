import type { FaultSettings } from '#local/emulators/twilio/faults/fault-settings';
import { Faults } from '#local/emulators/twilio/faults/faults';
import { CUSTOMER, ENABLED, type Stage, setStage } from '../support/stage.ts';

const malformed: [settings: unknown, field: string][] = [
  [[], 'faults'],
  ['none', 'faults'],
  [{ sed: 1 }, 'sed'],
  [{ constructor: 1 }, 'constructor'],
  [{ rest: { status: 429, count: 1, toString: 1 } }, 'rest.toString'],
  [{ seed: 1.5 }, 'seed'],
  [{ rest: 3 }, 'rest'],
  [{ rest: { status: 404, count: 1 } }, 'rest.status'],
  [{ rest: { status: 429 } }, 'rest.count'],
  [{ rest: { status: 429, count: -1 } }, 'rest.count'],
  [{ rest: { status: 429, count: 1, retryAfter: 'soon' } }, 'rest.retryAfter'],
  [{ restAfterCommit: {} }, 'restAfterCommit.count'],
  [{ latencyMs: '5' }, 'latencyMs'],
  [{ authors: 'identity' }, 'authors'],
  [{ webhook: { drop: 1.1 } }, 'webhook.drop'],
  [{ webhook: { duplicate: null } }, 'webhook.duplicate'],
  [{ webhook: { delayMs: 5 } }, 'webhook.delayMs'],
  [{ webhook: { delayMs: [5, 1] } }, 'webhook.delayMs'],
  [{ webhook: { delayMs: [-1, 1] } }, 'webhook.delayMs.0'],
];

/** What the faults do to a hundred webhooks. */
function fates(settings: FaultSettings): number[][] {
  const faults = new Faults();
  faults.replace(settings);
  return Array.from({ length: 100 }, () => faults.deliveryDelaysMs());
}

describe('Faults', () => {
  test('do nothing until they are set', () => {
    expect(fates({})).toEqual(Array.from({ length: 100 }, () => [0]));
  });

  test('are the same for the same seed', () => {
    const webhook = { drop: 0.3, duplicate: 0.3, delayMs: [10, 50] } as const;

    expect(fates({ seed: 7, webhook })).toEqual(fates({ seed: 7, webhook }));
    expect(fates({ seed: 7, webhook })).not.toEqual(fates({ seed: 8, webhook }));
  });

  test('strike as often and as long as they are told', () => {
    const copies = fates({ webhook: { drop: 0.3, duplicate: 0.5, delayMs: [10, 50] } });

    const dropped = copies.filter(({ length }) => length === 0).length;
    const doubled = copies.filter(({ length }) => length === 2).length;
    const delays = copies.flat();
    expect(dropped).toBeGreaterThan(15);
    expect(dropped).toBeLessThan(45);
    expect(doubled).toBeGreaterThan(20);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...delays)).toBeLessThanOrEqual(50);
  });

  test('hand the parts of others on, and replace all or nothing', () => {
    const faults = new Faults();
    const seen: unknown[] = [];
    faults.addSection('lambda', (settings) => {
      if (settings === 'bad') throw new Error('lambda: bad');
      return () => seen.push(settings);
    });

    faults.replace({ lambda: { crash: 1 }, rest: { status: 429, count: 5 } });
    expect(() => faults.replace({ lambda: 'bad' })).toThrow('lambda: bad');
    expect(() => faults.replace({ lambda: { crash: 2 }, rest: 3 })).toThrow('rest: ');
    const refusal = faults.takeRefusal();
    faults.replace({});

    expect(seen).toEqual([{ crash: 1 }, undefined]);
    expect([refusal?.status, faults.takeRefusal()]).toEqual([429, undefined]);
  });

  test.each(malformed)('refuse %j, naming the field', (settings, field) => {
    expect(() => new Faults().replace(settings)).toThrow(`${field}: `);
  });
});

describe('PUT /faults', () => {
  let stage: Stage;
  let url: string;

  const post = () =>
    stage.rest(
      'POST',
      `${url}/Messages`,
      [
        ['Author', CUSTOMER],
        ['Body', 'Hello'],
      ],
      ENABLED,
    );
  const set = (settings: unknown) => stage.desk('PUT', '/faults', settings);

  beforeEach(async () => {
    stage = await setStage();
    url = await stage.openConversation();
    await stage.rest('POST', `${url}/Webhooks`, [
      ['Target', 'webhook'],
      ['Configuration.Url', stage.hookUrl],
      ['Configuration.Filters', 'onMessageAdded'],
    ]);
  });
  afterEach(async () => stage.close());

  test.each([
    [429, 20429],
    [500, 20500],
    [503, 20503],
  ])('refuses the next requests with %d', async (status, code) => {
    await set({ rest: { status, count: 2 } });

    const answers = [await post(), await post(), await post()];

    expect(answers.map((answer) => answer.status)).toEqual([status, status, 201]);
    expect(answers[0]?.body).toMatchObject({ code, status });
    expect(answers[2]?.body.index).toBe(0);
  });

  test('says when to come again only if it is told to', async () => {
    const retryAfter = async () =>
      (await fetch(`${stage.twilio.url}/${url}`)).headers.get('retry-after');

    await set({ rest: { status: 429, count: 1, retryAfter: 3 } });
    const told = await retryAfter();
    await set({ rest: { status: 429, count: 1 } });

    expect([told, await retryAfter()]).toEqual(['3', null]);
  });

  test('cuts the connection after the write has happened', async () => {
    await set({ restAfterCommit: { count: 1 } });

    const list = await stage.rest('GET', `${url}/Messages`);
    await expect(post()).rejects.toThrow('fetch failed');

    const { body } = await stage.rest('GET', `${url}/Messages`);
    expect([list.body.messages.length, body.messages.length]).toEqual([0, 1]);
    expect((await post()).status).toBe(201);
    expect(stage.twilio.requests().at(-3)).toMatchObject({ method: 'POST', status: 201 });
  });

  test('holds answers back', async () => {
    await set({ latencyMs: 60 });
    const startedAtMs = Date.now();

    await post();

    expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(59);
  });

  test('drops webhooks', async () => {
    await set({ webhook: { drop: 1 } });

    await post();

    await stage.twilio.settled();
    expect(stage.calls).toEqual([]);
  });

  test('doubles webhooks under one idempotency token', async () => {
    await set({ webhook: { duplicate: 1 } });

    await post();

    await stage.twilio.settled();
    const tokens = stage.calls.map(({ headers }) => headers['i-twilio-idempotency-token']);
    expect(tokens).toHaveLength(2);
    expect(new Set(tokens).size).toBe(1);
  });

  test('replaces all earlier faults, and none clears them', async () => {
    await set({ rest: { status: 500, count: 9 }, webhook: { drop: 1 } });

    await set({});
    const answer = await post();

    await stage.twilio.settled();
    expect(answer.status).toBe(201);
    expect(stage.calls).toHaveLength(1);
  });

  test('refuses what is malformed and keeps the earlier faults', async () => {
    await set({ rest: { status: 500, count: 1 } });

    const answer = await set({ rest: { status: 418, count: 1 } });

    expect(answer).toEqual({
      status: 400,
      body: { error: 'rest.status: expected 429, 500 or 503' },
    });
    expect((await post()).status).toBe(500);
  });
});
