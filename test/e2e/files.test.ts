import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAgentDesk } from '#test/support/agent-desk';
import { connectClient, type ProtocolClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';
import { PNG, postFile } from '#test/support/upload';

/** Every scanner takes this harmless text for malware. Source: eicar.org */
const EICAR = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';

const EXITED = 'Runtime.ExitError: Runtime exited with 1';

function aConfig(): string {
  const config = JSON.parse(readFileSync('config/local.json', 'utf8'));
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'files-')), 'local.json');
  config.customers.files = { malwareScan: true, maxBytes: 1_000 };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

interface FileOfDesk {
  readonly filename: string;
  readonly contentType: string;
  readonly url: string;
}

describe.each(['conversations', 'programmable-chat'] as const)('with %s', (backEnd) => {
  const stack = useLocalStack({ config: aConfig(), backEnd, redeliveryMs: 20 });
  const desk = () => createAgentDesk(stack().outputs.TwilioUrl);

  async function aCustomer(name: string): Promise<ProtocolClient> {
    const client = await connectClient(stack().outputs.CustomerSocketUrl);
    await client.ask({ action: 'hello', profile: { name } });
    return client;
  }

  const attach = (client: ProtocolClient, changed: object = {}) =>
    client.ask({
      action: 'attach',
      id: 'f1',
      filename: 'Grüße, "Ada".png',
      contentType: 'image/png',
      size: PNG.length,
      chat: 1,
      ...changed,
    });

  const uploaded = async (client: ProtocolClient, changed: object = {}, bytes = PNG) =>
    postFile((await attach(client, changed)) as never, bytes);

  test('a file reaches the agent between the words around it, once, and leaves nothing behind', async () => {
    const client = await aCustomer('Order');
    await client.ask({ action: 'sendMessage', id: 'm1', chat: 1, body: 'before' });

    expect((await uploaded(client)).status).toBe(204);
    await client.next('accepted', ({ id }) => id === 'f1');
    await client.ask({ action: 'sendMessage', id: 'm2', chat: 1, body: 'after' });
    await client.next('message', ({ id }) => id === 'm2');

    const task = await desk().taskOf('Order');
    const messages = await desk().messages(task.sid);
    expect(messages.map(({ body }) => body)).toEqual(['before', '', 'after']);
    const [file] = (messages[1] as unknown as { media: FileOfDesk[] }).media;
    expect(file).toMatchObject({ filename: 'Grüße, "Ada".png', contentType: 'image/png' });
    const content = await fetch(file?.url ?? '');
    expect(new Uint8Array(await content.arrayBuffer())).toEqual(PNG);
    const echo = await client.next('message', ({ id }) => id === 'f1');
    expect(echo).toMatchObject({ body: '', media: [{ size: PNG.length }] });
    await stack().mappings.idle();
    expect(stack().uploads?.bucket.keys).toEqual([]);
    client.close();
  });

  test("the customer opens an agent's files, and nobody else does", async () => {
    const client = await aCustomer('Open');
    await client.ask({ action: 'sendMessage', id: 'm1', chat: 1, body: 'hello' });
    const task = await desk().taskOf('Open');
    await desk().accept(task.sid);
    const media = { filename: 'label.pdf', contentType: 'application/pdf', base64: 'JVBERi0=' };
    await fetch(`${stack().outputs.TwilioUrl}/agent/tasks/${task.sid}/messages`, {
      method: 'POST',
      body: JSON.stringify({ media }),
    });
    const { index, media: files } = await client.next('message', (event) => event['media']);
    const open = { action: 'media', chat: 1, index, id: files[0].id };

    const { url } = await client.ask(open);
    const stranger = await aCustomer('Stranger');
    await stranger.ask({ action: 'sendMessage', id: 'm1', chat: 1, body: 'hello' });
    await stranger.next('message');

    const content = await fetch(url);
    expect(content.headers.get('content-type')).toBe('application/pdf');
    expect(await content.text()).toBe('%PDF-');
    expect((await fetch(url.replace(/Signature=[^&]*/, 'Signature=none'))).status).toBe(403);
    expect(await stranger.ask(open)).toMatchObject({ type: 'error', code: 'file_expired' });
    client.close();
    stranger.close();
  });

  if (backEnd === 'programmable-chat') return;

  test('malware goes no further, and its customer is told', async () => {
    const client = await aCustomer('Malware');

    const size = EICAR.length;
    const text = { filename: 'a.txt', contentType: 'text/plain', size };
    await postFile((await attach(client, text)) as never, EICAR);

    expect(await client.next('rejected')).toMatchObject({ id: 'f1', code: 'unsafe_file' });
    await stack().mappings.idle();
    const tasks = await desk().tasks();
    expect(tasks.some(({ attributes }) => attributes['name'] === 'Malware')).toBe(false);
    client.close();
  });

  test('a program under the name of a picture goes no further', async () => {
    const client = await aCustomer('Disguise');
    const program = Uint8Array.from([0x4d, 0x5a, 0x90, 0, 3]);

    expect((await uploaded(client, { size: program.length }, program)).status).toBe(204);

    expect(await client.next('rejected')).toMatchObject({ id: 'f1', code: 'wrong_file_type' });
    client.close();
  });

  test('S3 takes the signed file only: no other size, key, type or time', async () => {
    const client = await aCustomer('Forger');
    const offer = (await attach(client)) as never as {
      url: string;
      fields: Record<string, string>;
    };
    const post = (fields: object, bytes: Uint8Array = PNG) =>
      postFile({ url: offer.url, fields: { ...offer.fields, ...fields } }, bytes);
    const policy = JSON.parse(Buffer.from(offer.fields['policy'] ?? '', 'base64').toString());
    const later = { ...policy, expiration: '2099-01-01T00:00:00.000Z' };

    const answers = await Promise.all([
      post({}, Uint8Array.from([...PNG, 5])),
      post({}, PNG.slice(1)),
      post({ key: 'quarantine/another-session/f1/1' }),
      post({ 'Content-Type': 'text/html' }),
      post({ 'x-amz-meta-filename': 'evil.html' }),
      post({ acl: 'public-read' }),
      post({ policy: Buffer.from(JSON.stringify(later)).toString('base64') }),
    ]);

    const codes = answers.map(({ text }) => /<Code>(\w+)/.exec(text)?.[1]);
    expect(codes).toEqual([
      'EntityTooLarge',
      'EntityTooSmall',
      'AccessDenied',
      'AccessDenied',
      'AccessDenied',
      'AccessDenied',
      'SignatureDoesNotMatch',
    ]);
    client.close();
  });

  test('a frame for a file that is not allowed is refused before anything is signed', async () => {
    const client = await aCustomer('Refused');

    const answers = await Promise.all([
      attach(client, { size: 1_001 }),
      attach(client, { filename: 'a.html', contentType: 'text/html' }),
      attach(client, { filename: '../a.png' }),
    ]);

    expect(answers.map(({ code }) => code)).toEqual([
      'file_too_large',
      'wrong_file_type',
      'bad_frame',
    ]);
    client.close();
  });

  test('a worker that dies after any call posts each file once', async () => {
    const client = await aCustomer('Crash');
    await client.ask({ action: 'sendMessage', id: 'm0', chat: 1, body: 'hello' });
    await client.next('message');
    const task = await desk().taskOf('Crash');
    // Files that were rejected stay for a day.
    const rejected = stack().uploads?.bucket.keys;
    const crashes = () => stack().logs.lines.filter(({ line }) => line === EXITED).length;
    let afterCalls = 0;

    for (let died = true; died; afterCalls += 1) {
      const before = crashes();
      const crash = { function: 'deliver-to-flex', afterCalls, count: 1 };
      await desk().faults({ lambda: { crash } });
      await uploaded(client, { id: `f${afterCalls}` });
      await client.next('message', ({ id }) => id === `f${afterCalls}`);
      await stack().mappings.idle();
      died = crashes() > before;
      await desk().faults({});
    }

    // The attempt, reading the file, bringing it to Twilio, posting and removing it.
    expect(afterCalls).toBeGreaterThan(5);
    expect(await desk().messages(task.sid)).toHaveLength(1 + afterCalls);
    expect(stack().uploads?.bucket.keys).toEqual(rejected);
    client.close();
  });
});
