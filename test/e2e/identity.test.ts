import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exportJWK, SignJWT } from 'jose';
import { createAgentDesk } from '#test/support/agent-desk';
import { type HttpStub, startHttpStub } from '#test/support/http-stub';
import { connectClient, type ProtocolClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';

const ISSUER = 'https://login.example.com/';
const AUDIENCE = 'shop';
const mine = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const gone = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const configFile = path.join(mkdtempSync(path.join(tmpdir(), 'identity-')), 'local.json');

let issuer: HttpStub;

beforeAll(async () => {
  const keys = [{ ...(await exportJWK(mine.publicKey)), kid: 'now' }];
  issuer = await startHttpStub(() => ({ status: 200, body: JSON.stringify({ keys }) }));
  const config = JSON.parse(readFileSync('config/local.json', 'utf8'));
  config.customers.identity = {
    issuer: ISSUER,
    audience: AUDIENCE,
    jwksUrl: `${issuer.url}/jwks.json`,
    claims: { fields: { tier: 'tier' } },
  };
  writeFileSync(configFile, JSON.stringify(config));
});

afterAll(() => issuer.stop());

const stack = useLocalStack({ config: configFile });

const seconds = () => Math.floor(Date.now() / 1000);

/** An identity of a subject, some claims replaced. */
const identityOf = (sub: string, changes: object = {}, key = mine.privateKey, kid = 'now') =>
  new SignJWT({ iss: ISSUER, aud: AUDIENCE, exp: seconds() + 600, sub, name: sub, ...changes })
    .setProtectedHeader({ alg: 'ES256', kid })
    .sign(key);

const connect = (identity?: string, token?: string) =>
  connectClient(stack().outputs.CustomerSocketUrl, token, identity);

const desk = () => createAgentDesk(stack().outputs.TwilioUrl);

async function hello(client: ProtocolClient, profile: object = {}) {
  return client.ask({ action: 'hello', profile });
}

describe('a signed-in customer', () => {
  test('has one session on two devices, and both get every message', async () => {
    const phone = await connect(await identityOf('Ada'));
    const laptop = await connect(await identityOf('Ada'));
    const [one, two] = [await hello(phone), await hello(laptop)];

    await phone.ask({ action: 'sendMessage', id: 'm1', chat: 1, body: 'from the phone' });

    expect(two['sessionId']).toBe(one['sessionId']);
    expect(await laptop.next('message')).toMatchObject({ id: 'm1', body: 'from the phone' });
    phone.close();
    laptop.close();
  });

  test('is marked in the task, with what the issuer says of them', async () => {
    const client = await connect(await identityOf('Grace', { tier: 'gold' }));
    await hello(client, { name: 'Somebody', fields: { tier: 'platinum', topic: 'orders' } });
    await client.ask({ action: 'sendMessage', id: 'm1', chat: 1, body: 'hello' });

    const { attributes } = await desk().taskOf('Grace');

    expect(attributes).toMatchObject({
      name: 'Grace',
      flexChannel: { customer: { verified: true, issuer: ISSUER, subject: 'Grace' } },
      pre_engagement_data: { tier: 'gold', topic: 'orders' },
    });
    client.close();
  });

  test('keeps the chat that was begun before signing in', async () => {
    const before = await connect();
    const { token, sessionId } = await hello(before, { name: 'Nobody' });
    before.close();

    const after = await connect(await identityOf('Katherine'), String(token));

    expect((await hello(after))['sessionId']).toBe(sessionId);
    after.close();
  });

  test('costs as many calls as the architecture says, and none of Twilio', async () => {
    const identity = await identityOf('Mary');
    const callsOf = async () => {
      const before = stack().frontDoor.audit.length;
      const requests = (await desk().requests()).length;
      (await connect(identity)).close();
      const actions = stack()
        .frontDoor.audit.slice(before)
        .map(({ action }) => action);
      expect(await desk().requests()).toHaveLength(requests);
      return Object.fromEntries(
        ['Query', 'UpdateItem', 'PutItem'].map((name) => [
          name,
          actions.filter((action) => action === `dynamodb:${name}`).length,
        ]),
      );
    };

    expect(await callsOf()).toEqual({ Query: 1, UpdateItem: 3, PutItem: 2 });
    expect(await callsOf()).toEqual({ Query: 3, UpdateItem: 2, PutItem: 2 });
  });

  test('is not met by somebody else who brings the token', async () => {
    const hers = await connect(await identityOf('Dorothy'));
    const { token, sessionId } = await hello(hers);

    const other = await connect(await identityOf('Mallory'), String(token));

    expect((await hello(other))['sessionId']).not.toBe(sessionId);
    hers.close();
    other.close();
  });
});

describe('an identity', () => {
  test.each<[string, () => Promise<string>]>([
    ['of another issuer', () => identityOf('Eve', { iss: 'https://evil.example/' })],
    ['for another audience', () => identityOf('Eve', { aud: 'bank' })],
    ['that has expired', () => identityOf('Eve', { exp: seconds() - 120 })],
    ['signed by a key that is gone', () => identityOf('Eve', {}, gone.privateKey, 'before')],
    ['signed by another key of the same name', () => identityOf('Eve', {}, gone.privateKey)],
    ['signed with a secret', () => secretly('Eve')],
    ['that is no identity', async () => 'a.b.c'],
  ])('%s is refused', async (_, make) => {
    await expect(connect(await make())).rejects.toThrow('the handshake was refused');
  });

  test('costs one call of the issuer, not one for each handshake', () => {
    // Two at most for each of three copies: the first, and one for the key that nobody knows.
    expect(issuer.requests.length).toBeLessThanOrEqual(6);
  });
});

describe('an anonymous customer', () => {
  test('has no mark in the task, whatever they send', async () => {
    const client = await connect();
    const flexChannel = { customer: { verified: true, issuer: ISSUER, subject: 'Ada' } };
    await hello(client, {
      name: 'Forger',
      verified: flexChannel.customer,
      flexChannel,
      fields: { flexChannel: JSON.stringify(flexChannel), verified: 'true' },
    });
    const attributes = { flexChannel };
    await client.ask({ action: 'sendMessage', id: 'm1', chat: 1, body: 'hello', attributes });

    const task = await desk().taskOf('Forger');

    expect(JSON.stringify(task.attributes)).not.toMatch(/"flexChannel"|verified/);
    client.close();
  });
});

function secretly(sub: string): Promise<string> {
  const claims = { iss: ISSUER, aud: AUDIENCE, exp: seconds() + 600, sub };
  const pem = mine.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', kid: 'now' })
    .sign(new TextEncoder().encode(pem));
}
