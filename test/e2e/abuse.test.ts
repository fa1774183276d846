import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAgentDesk, until } from '#test/support/agent-desk';
import { connectClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';

/** The local configuration with the pace of a deployment. */
function pacedConfig(): string {
  const source = path.join(import.meta.dirname, '..', '..', 'config', 'local.json');
  const config = JSON.parse(readFileSync(source, 'utf8'));
  const customers = { ...config.customers, messagesPerMinute: 20 };
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'paced-')), 'config.json');
  writeFileSync(file, JSON.stringify({ ...config, customers }));
  return file;
}

describe('a customer who sends too much', () => {
  const stack = useLocalStack({ config: pacedConfig() });
  const connect = (token?: string) => connectClient(stack().outputs.CustomerSocketUrl, token);

  test('has the messages beyond the pace rejected, and goes on after a while', async () => {
    const client = await connect();
    await client.ask({ action: 'hello', profile: { name: 'Hasty' } });

    for (let n = 0; n < 24; n += 1) {
      await client.ask({ action: 'sendMessage', id: `m${n}`, body: `body ${n}` });
    }

    const rejected = await client.next('rejected');
    expect(rejected).toMatchObject({ code: 'rate_limited' });
    const desk = createAgentDesk(stack().outputs.TwilioUrl);
    const task = await desk.taskOf('Hasty');
    await until('all that were in time', async () => {
      const settled = client.received.filter(({ type }) => ['rejected', 'message'].includes(type));
      return settled.length >= 24;
    });
    const posted = (await desk.messages(task.sid)).map(({ body }) => body);
    expect(posted).toEqual(Array.from({ length: posted.length }, (_, n) => `body ${n}`));
    expect(posted.length).toBeGreaterThanOrEqual(20);
    expect(posted.length).toBeLessThan(24);
    client.close();
  });

  test('has frames counted, too, that are nested too deep to be read', async () => {
    const abuser = await connect();
    await abuser.ask({ action: 'hello' });
    const deep = `${'['.repeat(4_460)}${']'.repeat(4_460)}`;

    // One after the other, so that one copy of the function sees them all.
    const codes: unknown[] = [];
    while (codes.length < 300 && !codes.includes('rate_limited')) {
      const ref = `d${codes.length}`;
      abuser.sendRaw(`{"action":"ping","ref":"${ref}","a":${deep}}`);
      codes.push((await abuser.next('error', (event) => event['ref'] === ref))['code']);
    }

    expect([codes[0], codes.at(-1)]).toEqual(['bad_frame', 'rate_limited']);
    abuser.close();
  }, 30_000);

  test('is refused, then shown out for good, while another is served as ever', async () => {
    const abuser = await connect();
    const { token } = await abuser.ask({ action: 'hello' });
    const other = await connect();
    await other.ask({ action: 'hello' });

    // As long as it takes: each copy of the function counts for itself.
    const isOut = () => abuser.received.some(({ type }) => type === 'closing');
    for (let wave = 0; wave < 30 && !isOut(); wave += 1) {
      for (let n = 0; n < 150; n += 1) abuser.sendRaw('{"action":"ping"}');
      expect(await other.ask({ action: 'ping' })).toMatchObject({ type: 'pong' });
    }

    await abuser.next('error', (event) => event['code'] === 'rate_limited');
    expect(await abuser.next('closing')).toMatchObject({ reason: 'abuse', reconnect: false });
    expect(await abuser.closed).toBe(1000);
    await expect(connect(token)).rejects.toThrow('the handshake was refused');
    expect(await other.ask({ action: 'ping' })).toMatchObject({ type: 'pong' });
    other.close();
  });
});
