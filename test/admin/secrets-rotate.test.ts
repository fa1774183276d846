import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSessionKeys } from '#adapters/aws/session-keys';
import { runCommand } from '../support/admin-command.ts';
import { type HttpStub, startHttpStub, useAwsEndpoint } from '../support/http-stub.ts';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-AbCdEf';
const MADE_BY_THE_STACK = 'Ab3'.repeat(21);
const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

const outputs = join(mkdtempSync(join(tmpdir(), 'outputs-')), 'outputs.json');
writeFileSync(outputs, JSON.stringify({ 'qa-FlexChannelState': { SessionKeySecretArn: ARN } }));
const ROTATE = `secrets rotate --stage qa --outputs ${outputs}`;

let aws: HttpStub;
let held: string;
beforeEach(async () => {
  held = MADE_BY_THE_STACK;
  aws = await startHttpStub(({ headers, body }) => {
    if (headers['x-amz-target'] === 'secretsmanager.PutSecretValue') {
      held = JSON.parse(body).SecretString;
    }
    const answer = { SecretString: held };
    return { status: 200, body: JSON.stringify(answer) };
  });
  useAwsEndpoint(aws.url);
});
afterEach(() => aws.stop());

const calls = () => aws.requests.map(({ headers }) => `${headers['x-amz-target']}`.split('.')[1]);

describe('flex-channel secrets rotate', () => {
  test('stores a key that begins in ten minutes, beside the old one for a day and an hour', async () => {
    const before = Date.now();
    const { code, out, err } = await runCommand(`${ROTATE} --yes`);

    const [old, next] = parseSessionKeys(held);
    expect([code, err]).toEqual([0, '']);
    expect(old).toMatchObject({ key: MADE_BY_THE_STACK, fromMs: 0 });
    expect(next?.kid).toMatch(/^[0-9a-f]{8}$/);
    expect(next?.key).toMatch(/^[\w-]{64}$/);
    expect((next?.fromMs ?? 0) - before).toBeGreaterThanOrEqual(10 * MINUTE_MS);
    expect((next?.fromMs ?? 0) - before).toBeLessThan(11 * MINUTE_MS);
    expect(old?.untilMs).toBe((next?.fromMs ?? 0) + DAY_MS + 60 * MINUTE_MS);
    expect(out).toContain(`Stored: key ${next?.kid}.`);
  });

  test('never shows a key, and tells a program when the new one begins', async () => {
    const { out, err } = await runCommand(`${ROTATE} --yes --json --in-minutes 0`);

    const [, next] = parseSessionKeys(held);
    const beginsAt = new Date(next?.fromMs ?? 0).toISOString();
    expect(JSON.parse(out)).toEqual({ stage: 'qa', isRotated: true, kid: next?.kid, beginsAt });
    for (const { key } of parseSessionKeys(held)) expect(out + err).not.toContain(key);
  });

  test('rotates again before the first rotation is over, and lets no token die of it', async () => {
    await runCommand(`${ROTATE} --yes`);
    await runCommand(`${ROTATE} --yes`);

    const keys = parseSessionKeys(held);
    expect(keys).toHaveLength(3);
    for (const { untilMs = Number.POSITIVE_INFINITY } of keys) {
      expect(untilMs - Date.now()).toBeGreaterThan(DAY_MS);
    }
  });

  test('stops before there are more keys than functions read', async () => {
    for (let n = 1; n < 10; n += 1) await runCommand(`${ROTATE} --yes`);
    const tenth = held;

    const { code, err } = await runCommand(`${ROTATE} --yes`);

    expect([code, err]).toEqual([1, expect.stringContaining('10 keys are still in use')]);
    expect(held).toBe(tenth);
  });

  test('leaves one key only when all sessions are to end', async () => {
    const { code, out } = await runCommand(`${ROTATE} --end-sessions --yes`);

    const keys = parseSessionKeys(held);
    expect(code).toBe(0);
    expect(keys).toMatchObject([{ kid: expect.any(String) }]);
    expect(keys[0]?.fromMs).toBeLessThanOrEqual(Date.now());
    expect(out).toContain('Every token becomes void');
  });

  test.each([
    ['a dry run', `${ROTATE} --dry-run`, undefined, 0],
    ['a no', ROTATE, ['n'], 1],
  ])('stores nothing after %s', async (_case, line, answers, expected) => {
    const { code, out } = await runCommand(line, answers && { answers });

    expect([code, out]).toEqual([expected, expect.stringContaining('Nothing was changed.')]);
    expect(calls()).toEqual(['GetSecretValue']);
  });

  test.each([
    'secrets rotate --stage qa',
    `${ROTATE} --in-minutes soon --yes`,
    `${ROTATE} --in-minutes 1441 --yes`,
    `${ROTATE} --in-minutes=-1 --yes`,
    `secrets rotate --stage qa --session-key-secret ${MADE_BY_THE_STACK} --yes`,
  ])('refuses "%s" as a wrong command line, and repeats no key', async (line) => {
    const { code, out, err } = await runCommand(line);

    expect(code).toBe(2);
    expect(out + err).not.toContain(MADE_BY_THE_STACK);
    expect(calls()).toEqual([]);
  });
});
