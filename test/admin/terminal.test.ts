import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, UsageError } from '../../admin/command.ts';
import { createTerminal } from '../../admin/terminal.ts';
import { aConfig, commandStage, WITH_KEY } from '../support/admin-command.ts';
import { startHttpStub } from '../support/http-stub.ts';
import {
  AUTH_TOKEN,
  anAccount,
  type ScriptedAccount,
  sid,
  startScriptedTwilio,
  WORKSPACE_SID,
} from '../support/scripted-twilio.ts';

/** Steers a terminal, feigns lines, turns the direction of writing, hides. */
const HOSTILE =
  'Ev\u001b[2J\u0007\u009b31m\r\nerror: none\u2028\u202edlrow\u2066\u200b\u{e0041}\ud800\t';
/** Everything that may not reach a terminal but the ends of our own lines. */
const STEERING = /(?!\u200c|\u200d|\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

function aTerminal() {
  const said = { out: '', err: '', questions: [] as string[] };
  const terminal = createTerminal({
    isInteractive: true,
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    ask: async (question) => {
      said.questions.push(question);
      return '';
    },
    input: (async function* () {})(),
  });
  return { terminal, said };
}

describe('the terminal', () => {
  test('shows each text as one line, with all that would steer it escaped', async () => {
    const { terminal, said } = aTerminal();

    terminal.print(HOSTILE, 'second');
    terminal.progress(HOSTILE);
    await terminal.ask(HOSTILE);
    await terminal.askSecret(HOSTILE);

    const line =
      'Ev\\u001b[2J\\u0007\\u009b31m\\r\\nerror: none\\u2028\\u202edlrow\\u2066\\u200b\\udb40\\udc41\\ud800\\t';
    expect(said.out).toBe(`${line}\nsecond\n`);
    expect(said.err).toBe(`${line}\n`);
    expect(said.questions).toEqual([line, line]);
  });

  test('leaves names of all scripts, emoji and joiners as they are', () => {
    const { terminal, said } = aTerminal();
    const name = 'Zoë 李小龙 محمد می‌خواهم 👩‍💻 e\u0301';

    terminal.print(name);

    expect(said.out).toBe(`${name}\n`);
  });

  test('writes JSON that says the same and steers nothing', () => {
    const { terminal, said } = aTerminal();
    const value = { [HOSTILE]: [HOSTILE, 1, null], address: 'https://www.example.com/a"?b\\' };

    terminal.printJson(value);

    expect(JSON.parse(said.out)).toEqual(value);
    expect(said.out).not.toMatch(STEERING);
  });

  test.each([
    ['https://me:secret@hooks.example.com/x', 'https://…@hooks.example.com/x'],
    ['https://me@hooks.example.com?a=1', 'https://…@hooks.example.com?…'],
    [
      'calls https://x.example.com/y?token=secret already',
      'calls https://x.example.com/y?… already',
    ],
    ['wss://x.example.com/live', 'wss://x.example.com/live'],
    ['is it there?', 'is it there?'],
  ])('shows %j without what gives access', (text, shown) => {
    const { terminal, said } = aTerminal();

    terminal.print(text);
    terminal.printJson({ text });

    expect(said.out).toContain(`${shown}\n`);
    expect(JSON.parse(said.out.slice(said.out.indexOf('\n') + 1))).toEqual({ text: shown });
  });

  test('reads no more than it is told to', async () => {
    const { terminal } = aTerminal();
    const input = createTerminal({
      isInteractive: false,
      out: () => {},
      err: () => {},
      ask: async () => '',
      input: (async function* () {
        for (;;) yield new Uint8Array(1_000);
      })(),
    });

    expect(await input.readInput(10_000)).toBeUndefined();
    expect(await terminal.readInput(10_000)).toBe('');
  });

  test('is the only way out of a command', () => {
    const folder = join(import.meta.dirname, '..', '..', 'admin');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const others = files.filter((file) => file.endsWith('.ts') && file !== 'terminal.ts');

    const speaking = others.filter((file) =>
      /\bconsole\.|\bstd(out|err)\b|node:(tty|readline)/.test(
        readFileSync(join(folder, file), 'utf8'),
      ),
    );

    expect(speaking).toEqual([]);
  });
});

describe('an error of a command', () => {
  test.each([CommandError, UsageError])('keeps what stands in a line inside of it', (Kind) => {
    expect(new Kind(HOSTILE).message).not.toMatch(/\p{Cc}/u);
    expect(new Kind(['one', HOSTILE]).message.split('\n')).toHaveLength(2);
  });
});

describe('with names and texts of Twilio that would steer a terminal', () => {
  let account: ScriptedAccount;
  let twilio: Awaited<ReturnType<typeof startScriptedTwilio>>;
  beforeEach(async () => {
    account = anAccount();
    const workspace = account.workspaces.get(WORKSPACE_SID);
    workspace?.workflows.set(sid('WW', '5'), HOSTILE);
    for (const channel of workspace?.taskChannels ?? []) channel.unique_name = HOSTILE;
    account.studioFlows.set(sid('FW', '7'), {
      sid: sid('FW', '7'),
      friendly_name: HOSTILE,
      status: 'draft',
      revision: 1,
      valid: true,
      commit_message: '',
      definition: { states: [] },
    });
    account.flexFlows.set(sid('FO', '7'), {
      sid: sid('FO', '7'),
      friendly_name: HOSTILE,
      channel_type: 'custom',
      enabled: true,
    });
    account.interactionWebhooks.set('flex_interactionwebhook_1', {
      ttid: 'flex_interactionwebhook_1',
      type: 'global',
      webhook_url: `https://me:${AUTH_TOKEN}@example.com/${HOSTILE}`,
      webhook_events: [HOSTILE],
    });
    const service = [...account.chatServices.values()][0];
    service.post_webhook_url = `https://example.com/${HOSTILE}`;
    twilio = await startScriptedTwilio(account);
  });
  afterEach(() => twilio.stop());

  const STUDIO = { routing: { type: 'studio' } };
  const CASES = ['doctor', 'status', 'provision --dry-run', 'teardown --dry-run'].flatMap((line) =>
    [
      STUDIO,
      { routing: { type: 'studio', flowSid: sid('FW', '7') } },
      { backEnd: 'programmable-chat' },
    ].flatMap((flex) => [`${line} --json`, line].map((each) => [each, flex] as const)),
  );

  test.each(CASES)('"%s" with %j prints none of it raw', async (line, flex) => {
    const stage = commandStage(aConfig(flex), twilio.url);

    const { out, err } = await stage.run(`${line} --webhook-url https://hooks.example.com`, {
      env: { ...WITH_KEY, TWILIO_AUTH_TOKEN: AUTH_TOKEN },
    });

    expect(out + err).not.toMatch(STEERING);
    expect(out + err).not.toMatch(/^error: none/m);
    expect(out + err).not.toContain(AUTH_TOKEN);
    if (line.includes('--json')) expect(() => JSON.parse(out)).not.toThrow();
  });

  test('shows what of it was asked for', async () => {
    const stage = commandStage(aConfig(STUDIO), twilio.url);

    const { out } = await stage.run('status');

    expect(out).toContain('Ev\\u001b[2J\\u0007');
  });

  test("shows an answer's own message on one line", async () => {
    const stub = await startHttpStub(() => ({
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: 20001, message: HOSTILE, status: 400 }),
    }));
    const stage = commandStage(aConfig(), stub.url);

    for (const env of [WITH_KEY, { ...WITH_KEY, DEBUG: '1' }]) {
      const { err } = await stage.run('status', { env });

      expect(err).toContain('Ev\\u001b[2J');
      expect(err).not.toMatch(STEERING);
    }
    await stub.stop();
  });
});
