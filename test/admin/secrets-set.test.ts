import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../support/admin-command.ts';
import { type HttpStub, startHttpStub, useAwsEndpoint } from '../support/http-stub.ts';
import { sid } from '../support/scripted-twilio.ts';

const KEY_SID = sid('SK', '1');
const KEY_SECRET = 'Ab3'.repeat(10).concat('xy');
const TOKEN = '0123456789abcdef'.repeat(2);
const SECONDARY = 'fedcba9876543210'.repeat(2);
const ALL = { keySid: KEY_SID, keySecret: KEY_SECRET, authToken: TOKEN };

const outputs = join(mkdtempSync(join(tmpdir(), 'outputs-')), 'outputs.json');
writeFileSync(
  outputs,
  JSON.stringify({
    'prod-FlexChannel': { WebhookUrl: 'https://hooks.example.com' },
    'prod-FlexChannelState': {
      TwilioApiKeySecretArn: 'arn:prod:key',
      TwilioAuthTokenSecretArn: 'arn:prod:token',
    },
    'qa-FlexChannelState': { TwilioApiKeySecretArn: 'arn:qa:key' },
  }),
);
const SET = `secrets set --stage prod --outputs ${outputs}`;

let aws: HttpStub;
let answer: { status: number; body: string };
beforeEach(async () => {
  answer = { status: 200, body: '{}' };
  aws = await startHttpStub(() => ({
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    ...answer,
  }));
  useAwsEndpoint(aws.url);
});
afterEach(() => aws.stop());

const stored = (): Record<string, unknown> =>
  Object.fromEntries(
    aws.requests.map(({ body }) => {
      const { SecretId, SecretString } = JSON.parse(body);
      return [SecretId, JSON.parse(SecretString)];
    }),
  );

describe('flex-channel secrets set', () => {
  test("stores what standard input holds in the stage's own secrets", async () => {
    const { code } = await runCommand(SET, { input: JSON.stringify(ALL) });

    expect(code).toBe(0);
    expect(aws.requests[0]?.headers['x-amz-target']).toBe('secretsmanager.PutSecretValue');
    expect(stored()).toEqual({
      'arn:prod:key': { keySid: KEY_SID, keySecret: KEY_SECRET },
      'arn:prod:token': { primary: TOKEN },
    });
  });

  test('stores both tokens while they are rotated, and leaves the key as it is', async () => {
    const input = JSON.stringify({ authToken: TOKEN, secondaryAuthToken: SECONDARY });

    await runCommand(SET, { input });

    expect(stored()).toEqual({ 'arn:prod:token': { primary: TOKEN, secondary: SECONDARY } });
  });

  test('asks for each value when a person is there, and takes nothing for no change', async () => {
    const { code, questions } = await runCommand(SET, { answers: ['', '', TOKEN, ''] });

    expect(code).toBe(0);
    expect(questions).toHaveLength(4);
    expect(stored()).toEqual({ 'arn:prod:token': { primary: TOKEN } });
  });

  test('takes the ARNs from the command line as well', async () => {
    const line = 'secrets set --stage prod --api-key-secret arn:k --auth-token-secret arn:t';

    await runCommand(line, { input: JSON.stringify(ALL) });

    expect(Object.keys(stored())).toEqual(['arn:k', 'arn:t']);
  });

  test.each([
    [
      'the account SID as the key',
      { ...ALL, keySid: sid('AC', '1') },
      'keySid: expected an API key',
    ],
    [
      'a SID as the secret',
      { ...ALL, keySecret: sid('SK', '2') },
      "keySecret: expected the API key's",
    ],
    [
      'the API secret as the token',
      { ...ALL, authToken: KEY_SECRET },
      'authToken: expected the acc',
    ],
    ['a key without its secret', { keySid: KEY_SID }, 'keySecret: expected with keySid'],
    ['a second token alone', { secondaryAuthToken: TOKEN }, 'authToken: expected with secondary'],
    [
      'an unknown field',
      { ...ALL, token: TOKEN },
      'standard input: a field that is none of keySid,',
    ],
    ['nothing', {}, 'none was given'],
  ])('stores nothing at all for %s, and repeats no value', async (_name, input, message) => {
    const { code, out, err } = await runCommand(SET, { input: JSON.stringify(input) });

    expect(code).toBe(1);
    expect(err).toContain(message);
    for (const secret of [KEY_SECRET, TOKEN]) expect(out + err).not.toContain(secret);
    expect(aws.requests).toHaveLength(0);
  });

  test('does not repeat what is not JSON', async () => {
    const { code, err } = await runCommand(SET, { input: TOKEN });

    expect(code).toBe(1);
    expect(err).toBe('Standard input is not JSON.');
  });

  const SECRET_SHAPES = {
    text: JSON.stringify(KEY_SECRET),
    'text in a list': JSON.stringify([KEY_SECRET, TOKEN]),
    'the name of a field': JSON.stringify({ [KEY_SECRET]: 'keySecret' }),
    'the name of a field, beside good ones': JSON.stringify({ ...ALL, [TOKEN]: 1 }),
    'text inside an object': JSON.stringify({ keySecret: { value: KEY_SECRET } }),
    'text inside a list': JSON.stringify({ keySid: KEY_SID, keySecret: [KEY_SECRET] }),
    'an inherited name': `{ "__proto__": "${KEY_SECRET}", "toString": "${TOKEN}" }`,
    'a number': JSON.stringify({ ...ALL, authToken: 12345678901234 }),
    'twice in one object': `{ "authToken": "${KEY_SECRET}", "authToken": "${TOKEN}x" }`,
    'a line of an environment file': `TWILIO_AUTH_TOKEN=${TOKEN}`,
    'unfinished JSON': `{ "keySecret": "${KEY_SECRET}`,
    'more than a megabyte': JSON.stringify({ keySecret: KEY_SECRET.repeat(40_000) }),
    'text with blanks and control characters': JSON.stringify({
      ...ALL,
      keySecret: ` ${KEY_SECRET}\u001b[2J\n`,
    }),
  };

  test.each(Object.entries(SECRET_SHAPES))('repeats no secret given as %s', async (_, input) => {
    const { code, out, err } = await runCommand(SET, { input });

    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(/^(Nothing was set:\n {2}(standard input|keySecret|authToken): |Standard)/);
    for (const secret of [KEY_SECRET, TOKEN, '12345678901234']) expect(err).not.toContain(secret);
    expect(aws.requests).toHaveLength(0);
  });

  test.each([
    ['a mark of the byte order', `\uFEFF${JSON.stringify(ALL)}`],
    ['blank lines around it', `\n\n  ${JSON.stringify(ALL)}\r\n\n`],
  ])('takes input with %s', async (_, input) => {
    const { code } = await runCommand(SET, { input });

    expect(code).toBe(0);
    expect(stored()).toMatchObject({ 'arn:prod:token': { primary: TOKEN } });
  });

  test.each([
    `secrets set --stage prod --api-key-secret ${KEY_SECRET}`,
    `secrets set --stage prod --auth-token-secret=${TOKEN}`,
    `secrets set --stage prod --outputs ${outputs} ${KEY_SECRET}`,
    `secrets set --stage prod --outputs ${outputs} --${KEY_SECRET}`,
    `secrets set --stage prod --outputs ${outputs} --${KEY_SECRET}=1`,
    `secrets set --stage prod --outputs ${outputs} --keySecret=${KEY_SECRET}`,
    `secrets ${KEY_SECRET}`,
    KEY_SECRET,
  ])('repeats no secret of the command line "%s"', async (line) => {
    const { code, out, err } = await runCommand(line, { input: JSON.stringify(ALL) });

    expect(code).toBe(2);
    for (const secret of [KEY_SECRET, TOKEN]) expect(out + err).not.toContain(secret);
  });

  test('tells what AWS says to it without the secret in it', async () => {
    const message = `Value '{"primary":"${TOKEN}"}' failed\u001b[31m`;
    answer = { status: 400, body: JSON.stringify({ __type: 'InvalidRequestException', message }) };

    const { code, out, err } = await runCommand(SET, {
      input: JSON.stringify({ authToken: TOKEN }),
    });

    expect(code).toBe(1);
    expect(out + err).not.toContain(TOKEN);
    expect(err).toContain(
      'arn:prod:token: InvalidRequestException: Value \'{"primary":"(hidden)"}\' failed\\u001b[31m',
    );
  });

  test('stores nothing when one of the ARNs is not known', async () => {
    const { code, err } = await runCommand(`secrets set --stage qa --outputs ${outputs}`, {
      input: JSON.stringify(ALL),
    });

    expect(code).toBe(1);
    expect(err).toContain('The ARN of the secret of the auth token is not known.');
    expect(aws.requests).toHaveLength(0);
  });

  test.each([
    'secrets set --stage prod',
    'secrets set --stage prod --outputs missing.json',
    `secrets set --outputs ${outputs}`,
  ])('ends "%s" as a wrong command line', async (line) => {
    expect(await runCommand(line, { input: JSON.stringify(ALL) })).toMatchObject({ code: 2 });
  });
});
