import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { storeMedia } from '#local/emulators/twilio/media/stored-media';
import { BACK_ENDS } from '#local/stack/local-config';
import { runCommand } from '#test/support/admin-command';
import { createAgentDesk } from '#test/support/agent-desk';
import { connectClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';

interface Listed {
  readonly where: string;
  readonly what: string;
  readonly id: string;
}

describe.each(BACK_ENDS)('flex-channel erase by %s', (backEnd) => {
  const out = mkdtempSync(path.join(tmpdir(), 'erase-'));
  const stack = useLocalStack({ backEnd, outDirectory: out });
  const desk = () => createAgentDesk(stack().outputs.TwilioUrl);

  beforeAll(() => {
    Object.assign(process.env, parseEnv(readFileSync(path.join(out, 'operator.env'), 'utf8')));
  });

  const erase = (options: string) =>
    runCommand(
      `erase --stage local --config ${path.join(out, 'config.json')} --outputs ${path.join(out, 'stack-outputs.json')} --twilio-url ${stack().outputs.TwilioUrl} ${options}`,
      { env: process.env },
    );

  async function aChat(name: string) {
    const client = await connectClient(stack().outputs.CustomerSocketUrl);
    const profile = { name, email: `${name}@example.com` };
    const { sessionId, token } = await client.ask({ action: 'hello', profile });
    await client.ask({ action: 'sendMessage', id: 'm1', chat: 1, body: `my name is ${name}` });
    await client.next('message');
    const task = await desk().taskOf(name);
    return { client, sessionId: String(sessionId), token: String(token), task };
  }

  /** Everything that the simulated Twilio holds of conversations, users, tasks and files. */
  const holdings = (): string => {
    const { conversations, users, tasks, media } = stack().twilio.world;
    const all = [conversations, users, tasks, media].map((each) => [...each.values()]);
    return JSON.stringify(all, (_key, value) => (value instanceof Map ? [...value] : value));
  };

  test('removes one customer here and in Twilio, proves it, and leaves the others', async () => {
    const gone = await aChat('Mallory');
    const stays = await aChat('Grace');
    await desk().accept(gone.task.sid, 'Ada');
    await gone.client.next('participant');
    const { world } = stack().twilio;
    const file = { filename: 'id.png', contentType: 'image/png', bytes: new Uint8Array([1]) };
    const { sid: mediaSid } = storeMedia(world, file);
    const words = { author: 'somebody', mediaSid };
    await post(gone.task.channelSid, words);

    const { code, out: said, err } = await erase(`--session ${gone.sessionId} --yes --json`);

    if (code !== 0) throw new Error(`${said}\n${err}`);
    const { isErased, found, left, failures } = JSON.parse(said);
    expect({ code, isErased, left, failures }).toEqual({
      code: 0,
      isErased: true,
      left: [],
      failures: [],
    });
    const kinds = new Set(found.map(({ where, what }: Listed) => `${where} ${what.split(',')[0]}`));
    const noun = backEnd === 'conversations' ? 'conversation' : 'channel';
    expect([...kinds].sort()).toEqual(
      ['AWS item', `Twilio ${noun}`, 'Twilio file', 'Twilio task', 'Twilio user'].sort(),
    );
    expect(await gone.client.next('closing')).toMatchObject({ reason: 'revoked' });
    for (const trace of ['Mallory', gone.sessionId, mediaSid])
      expect(holdings()).not.toContain(trace);
    await expect(connectClient(stack().outputs.CustomerSocketUrl, gone.token)).rejects.toThrow();

    expect(holdings()).toContain('Grace');
    expect(await stays.client.ask({ action: 'history' })).toMatchObject({ state: 'open' });
    stays.client.close();
  });

  const post = async (
    channel: string,
    { author, mediaSid }: { author: string; mediaSid: string },
  ) => {
    const env = process.env;
    const { chatServiceSid } = stack().twilio.world.account;
    const address =
      backEnd === 'conversations'
        ? `conversations.twilio.com/v1/Conversations/${channel}/Messages`
        : `chat.twilio.com/v2/Services/${chatServiceSid}/Channels/${channel}/Messages`;
    const key = `${env['TWILIO_API_KEY']}:${env['TWILIO_API_SECRET']}`;
    const response = await fetch(`${stack().outputs.TwilioUrl}/${address}`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(key).toString('base64')}` },
      body: new URLSearchParams({
        [backEnd === 'conversations' ? 'Author' : 'From']: author,
        MediaSid: mediaSid,
      }),
    });
    expect(response.status).toBe(201);
  };

  test('only shows with --dry-run, takes the identity, and finds nothing the second time', async () => {
    const { client, sessionId } = await aChat('Trudy');
    const identity = `--identity customer-${sessionId}`;

    const tried = await erase(`${identity} --dry-run`);
    expect([tried.code, tried.out]).toEqual([0, expect.stringContaining('Dry run: nothing was')]);
    expect(await client.ask({ action: 'ping' })).toMatchObject({ type: 'pong' });

    const erased = await erase(`${identity} --yes`);
    expect(erased.out).toMatch(/Erased session \S+ at \S+Z: \d+ found, 0 left\./);
    const again = await erase(`${identity} --yes`);
    expect([again.code, again.out]).toEqual([0, `Nothing is stored of session ${sessionId}.`]);
  });

  test('goes on where Twilio refuses, and says what is left', async () => {
    const { sessionId } = await aChat('Oscar');
    const { world } = stack().twilio;
    const remove = world.users.delete.bind(world.users);
    world.users.delete = () => {
      throw new Error('refused');
    };

    const { code, out: said } = await erase(`--session ${sessionId} --yes --json`).finally(() => {
      world.users.delete = remove;
    });

    const { left, failures } = JSON.parse(said);
    expect({ code, left, failures }).toEqual({
      code: 1,
      left: [{ where: 'Twilio', what: 'user', id: expect.stringMatching(/^US/) }],
      failures: [expect.stringMatching(/^user US/)],
    });
    expect((await erase(`--session ${sessionId} --yes`)).code).toBe(0);
  });

  test('names a task that stays once, and removes it with the next run', async () => {
    const { sessionId, task } = await aChat('Peggy');
    const { world } = stack().twilio;
    const remove = world.tasks.delete.bind(world.tasks);
    world.tasks.delete = () => {
      throw new Error('refused');
    };

    const { code, out: said } = await erase(`--session ${sessionId} --yes --json`).finally(() => {
      world.tasks.delete = remove;
    });

    const { left, failures } = JSON.parse(said);
    expect(code).toBe(1);
    expect(failures).toEqual([expect.stringContaining(task.sid)]);
    expect(left.filter(({ what }: Listed) => what === 'task')).toEqual([
      { where: 'Twilio', what: 'task', id: task.sid },
    ]);
    expect((await erase(`--session ${sessionId} --yes`)).code).toBe(0);
    expect(holdings()).not.toContain(task.sid);
  });

  test.each([
    ['', 'Pass --session <id> or --identity'],
    ['--session a --identity customer-a', 'Pass --session <id> or --identity'],
    ['--identity Ada', '--identity: expected the name that Flex shows'],
    ['--session a.b.c', '--session: expected the id of a session'],
  ])('refuses "%s" as a wrong command line', async (options, message) => {
    const { code, err } = await erase(options.trim() === '' ? '--yes' : options);

    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});
