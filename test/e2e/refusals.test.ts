import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { WebSocket } from 'ws';
import { createAgentDesk } from '#test/support/agent-desk';
import { connectClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';

const stack = useLocalStack();
const PROTOCOL = 'flex-channel.v1';

/** The HTTP status of a handshake; 101 when it succeeds. */
function handshake(protocols: string[], headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(stack().outputs.CustomerSocketUrl, protocols, { headers });
    socket.on('open', () => resolve(101));
    socket.on('open', () => socket.close());
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      response.resume();
    });
    socket.on('error', reject);
  });
}

async function aToken(): Promise<string> {
  const client = await connectClient(stack().outputs.CustomerSocketUrl);
  const session = await client.ask({ action: 'hello' });
  client.close();
  return session['token'];
}

describe('a handshake', () => {
  test('succeeds with the subprotocol, an allowed origin and a good token', async () => {
    const origin = new URL(stack().outputs.PageUrl).origin;

    expect(await handshake([PROTOCOL, `token.${await aToken()}`], { origin })).toBe(101);
  });

  test('is refused without a subprotocol, before any function runs', async () => {
    const before = stack().logs.lines.length;

    expect(await handshake([])).toBe(401);
    expect(stack().logs.lines.length).toBe(before);
  });

  test('is refused with a wrong subprotocol', async () => {
    expect(await handshake(['flex-channel.v2'])).toBe(401);
  });

  test.each(['https://evil.test', 'http://127.0.0.1:1', 'null'])(
    'is refused from the foreign origin %s',
    async (origin) => {
      expect(await handshake([PROTOCOL], { origin })).toBe(403);
    },
  );

  test('is refused with a token whose subject was changed', async () => {
    const [header = '', payload = '', signature = ''] = (await aToken()).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'someone-else' }));

    const token = `${header}.${forged.toString('base64url')}.${signature}`;

    expect(await handshake([PROTOCOL, `token.${token}`])).toBe(401);
  });

  test('is refused with a token that has expired', async () => {
    const token = await aToken();
    const [header = '', payload = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const past = { ...claims, iat: claims.iat - 172_800, exp: claims.exp - 172_800 };
    const signed = `${header}.${Buffer.from(JSON.stringify(past)).toString('base64url')}`;
    const key = stack().secrets.get(sessionKeyArn()) ?? '';
    const signature = createHmac('sha256', key).update(signed).digest('base64url');

    expect(await handshake([PROTOCOL, `token.${signed}.${signature}`])).toBe(401);
  });

  test('is refused with the token of a session that is gone', async () => {
    const claims = { iss: 'flex-channel', aud: 'flex-channel/session', sub: 'never-was' };
    const now = Math.floor(Date.now() / 1000);
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ ...claims, iat: now, exp: now + 60 })}`;
    const key = stack().secrets.get(sessionKeyArn()) ?? '';
    const signature = createHmac('sha256', key).update(signed).digest('base64url');

    expect(await handshake([PROTOCOL, `token.${signed}.${signature}`])).toBe(401);
  });

  test('is refused with an identity that nobody vouches for', async () => {
    expect(await handshake([PROTOCOL, 'identity.abc'])).toBe(401);
  });
});

function sessionKeyArn(): string {
  const secret = stack().assembly.resources.find(({ logicalId }) =>
    logicalId.includes('SessionKey'),
  );
  if (secret === undefined) throw new Error('the stack has a session key');
  return secret.physicalId;
}

describe('a frame', () => {
  test.each([
    ['not JSON', 'bad_frame', {}],
    ['[]', 'bad_frame', {}],
    ['{"ref":"r"}', 'bad_frame', { ref: 'r' }],
    ['{"action":"dance","ref":"r"}', 'unknown_action', { ref: 'r' }],
    ['{"action":"sendMessage","id":"m","ref":"r"}', 'bad_frame', { ref: 'r', id: 'm' }],
    ['{"action":"sendMessage","id":"a b","body":"x"}', 'bad_frame', {}],
    [
      JSON.stringify({ action: 'sendMessage', id: 'm', body: 'é'.repeat(4_097) }),
      'too_large',
      { id: 'm' },
    ],
    ['{"action":"history","after":{"chat":9,"index":0}}', 'no_chat', {}],
    ['{"action":"history","limit":101}', 'bad_frame', {}],
    ['{"action":"markRead","chat":1}', 'bad_frame', {}],
  ])('is refused: %s', async (frame, code, echoed) => {
    const client = await connectClient(stack().outputs.CustomerSocketUrl);
    await client.ask({ action: 'hello' });

    client.sendRaw(frame);

    expect(await client.next('error')).toMatchObject({ code, ...echoed });
    client.close();
  });

  test('nested thousands deep is refused with one error that names it', async () => {
    const client = await connectClient(stack().outputs.CustomerSocketUrl);
    const deep = `${'['.repeat(4_460)}${']'.repeat(4_460)}`;

    client.sendRaw(
      `{"action":"sendMessage","ref":"r","id":"m","body":"x","attributes":{"a":${deep}}}`,
    );

    expect(await client.next('error')).toMatchObject({ code: 'bad_frame', ref: 'r', id: 'm' });
    await client.ask({ action: 'ping' });
    expect(client.received.filter(({ type }) => type === 'error')).toHaveLength(1);
    client.close();
  });

  test('above 32 KB closes the connection with 1009', async () => {
    const client = await connectClient(stack().outputs.CustomerSocketUrl);

    client.sendRaw(JSON.stringify({ action: 'ping', padding: 'x'.repeat(33 * 1024) }));

    expect(await client.closed).toBe(1009);
  });
});

interface SignatureVector {
  readonly id: string;
  readonly authToken: string;
  readonly validatorUrl: string;
  readonly signature: string;
}

describe('a webhook', () => {
  const body = (channelSid: string) =>
    new URLSearchParams({
      AccountSid: stack().twilioAccount.accountSid,
      EventType: 'onMessageAdded',
      ConversationSid: channelSid,
      MessageSid: `IM${'0'.repeat(32)}`,
      Index: '7',
      Author: 'mallory',
      Body: 'forged words',
      Source: 'SDK',
      DateCreated: '2026-11-22T09:00:00.000Z',
    });

  const sign = (url: string, form: URLSearchParams, key = stack().twilioAccount.authToken) => {
    const text = [...form]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flat()
      .join('');
    return createHmac('sha1', key)
      .update(url + text)
      .digest('base64');
  };

  const post = (url: string, form: URLSearchParams, signature?: string) =>
    fetch(url, {
      method: 'POST',
      body: form,
      headers: signature === undefined ? {} : { 'x-twilio-signature': signature },
    });

  async function aChat() {
    const name = `Customer ${Math.random()}`;
    const client = await connectClient(stack().outputs.CustomerSocketUrl);
    const { sessionId } = await client.ask({ action: 'hello', profile: { name } });
    await client.ask({ action: 'sendMessage', id: 'm1', body: 'hello' });
    await client.next('message');
    const task = await createAgentDesk(stack().outputs.TwilioUrl).taskOf(name);
    const url = `${stack().outputs.WebhookUrl}/new-message/${sessionId}`;
    return { client, form: body(task.channelSid), url };
  }

  test('with the right signature is pushed', async () => {
    const { client, form, url } = await aChat();

    const answer = await post(url, form, sign(url, form));

    expect(answer.status).toBe(200);
    expect(await client.next('message', (event) => event['index'] === 7)).toMatchObject({
      body: 'forged words',
    });
  });

  test.each([
    ['no signature', () => undefined],
    [
      'a signature of another token',
      (url: string, form: URLSearchParams) => sign(url, form, 'wrong'),
    ],
    [
      'a signature for a URL that was registered before',
      (url: string, form: URLSearchParams) => sign(url.replace('http:', 'https:'), form),
    ],
    [
      'a signature for another body',
      (url: string, form: URLSearchParams) =>
        sign(url, new URLSearchParams({ ...Object.fromEntries(form), Body: 'x' })),
    ],
    ['garbage for a signature', () => '====!'],
    ['garbage of the right form', () => `${'A'.repeat(27)}=`],
  ])('with %s is refused and nothing is pushed', async (_what, signatureOf) => {
    const { client, form, url } = await aChat();

    const answer = await post(url, form, signatureOf(url, form));

    expect(answer.status).toBe(403);
    await client.ask({ action: 'ping' });
    expect(client.received.filter((event) => event.type === 'message')).toHaveLength(1);
  });

  test.each([
    ['without a signature', {}],
    ['with garbage for one', { 'x-twilio-signature': `${'A'.repeat(27)}=` }],
  ])('of 40,000 repeated fields is refused %s', async (_what, headers) => {
    const url = `${stack().outputs.WebhookUrl}/new-message`;
    const form = { 'content-type': 'application/x-www-form-urlencoded' };

    const answer = await fetch(url, {
      method: 'POST',
      body: 'a=1&'.repeat(40_000),
      headers: { ...form, ...headers },
    });

    expect(answer.status).toBe(403);
  });

  test('with a query string is refused', async () => {
    const { form, url } = await aChat();

    expect((await post(`${url}?a=1`, form, sign(`${url}?a=1`, form))).status).toBe(403);
  });

  test('with a signature for the session of someone else is refused', async () => {
    const { form, url } = await aChat();
    const other = url.replace(/[^/]+$/, 'someone-else');

    expect((await post(other, form, sign(url, form))).status).toBe(403);
  });

  test('for a session with a channel that is not its own is pushed to nobody', async () => {
    const { client, url } = await aChat();
    const foreign = body(`CH${'9'.repeat(32)}`);

    const answer = await post(url, foreign, sign(url, foreign));

    expect(answer.status).toBe(200);
    await client.ask({ action: 'ping' });
    expect(client.received.filter((event) => event.type === 'message')).toHaveLength(1);
  });

  test('without a field that it needs is refused with 400', async () => {
    const { form, url } = await aChat();
    form.delete('Index');

    expect((await post(url, form, sign(url, form))).status).toBe(400);
  });

  test('signed as one of the published vectors is refused here: they are made for other URLs', async () => {
    const file = path.join(import.meta.dirname, '..', 'fixtures', 'twilio-signature-vectors.json');
    const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: SignatureVector[] };
    const { form, url } = await aChat();

    for (const { signature } of vectors.slice(0, 5)) {
      expect((await post(url, form, signature)).status).toBe(403);
    }
  });
});

describe('the simulated Twilio', () => {
  test('refuses an unknown parameter', async () => {
    const { TwilioUrl } = stack().outputs;
    const { accountSid, authToken } = stack().twilioAccount;
    const credentials = Buffer.from(`${accountSid}:${authToken}`).toString('base64');

    const answer = await fetch(`${TwilioUrl}/conversations.twilio.com/v1/Conversations`, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials}` },
      body: new URLSearchParams({ FriendlyNmae: 'typo' }),
    });

    expect(answer.status).toBe(400);
  });
});
