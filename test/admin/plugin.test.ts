import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TwilioAccount } from '#local/emulators/twilio/options';
import { startTwilio, type TwilioSimulator } from '#local/emulators/twilio/start';
import { createTwilio } from '../../admin/twilio/client.ts';
import { releasedPlugins } from '../../admin/twilio/plugins.ts';
import { aConfig, type CommandStage, commandStage } from '../support/admin-command.ts';
import { type HttpStub, startHttpStub } from '../support/http-stub.ts';
import {
  ACCOUNT_SID,
  API_KEY,
  AUTH_TOKEN,
  CHAT_SERVICE_SID,
  INSTANCE_SID,
  WORKFLOW_SID,
  WORKSPACE_SID,
} from '../support/scripted-twilio.ts';

const ACCOUNT: TwilioAccount = {
  accountSid: ACCOUNT_SID,
  authToken: AUTH_TOKEN,
  apiKeys: [API_KEY],
  chatServiceSid: CHAT_SERVICE_SID,
  workspaceSid: WORKSPACE_SID,
  workflows: [{ sid: WORKFLOW_SID }],
  studioFlows: [],
  flexInstanceSid: INSTANCE_SID,
};
const WEBHOOK = '--webhook-url https://hooks.example.com/prod';

let simulator: TwilioSimulator;
let host: HttpStub;
let hosted = '';
beforeEach(async () => {
  simulator = await startTwilio({ account: ACCOUNT });
  host = await startHttpStub(() => ({ status: hosted === '' ? 404 : 200, body: hosted }));
  hosted = '';
});
afterEach(async () => {
  await simulator.close();
  await host.stop();
});

const twilio = () =>
  createTwilio({
    credentials: { accountSid: ACCOUNT_SID, apiKey: API_KEY.sid, apiSecret: API_KEY.secret },
    accountSid: ACCOUNT_SID,
    twilioUrl: simulator.url,
  });

const released = async () =>
  (await releasedPlugins(twilio())).map(({ uniqueName }) => uniqueName).sort();

/** Somebody else's plugin, released as Twilio's own tools do it. */
async function aReleasedPlugin(uniqueName: string): Promise<void> {
  const { v1 } = twilio().flexApi;
  const { sid } = await v1.plugins.create({ uniqueName });
  const pluginUrl = 'https://assets.example.com/bundle.js';
  const version = await v1.plugins(sid).pluginVersions.create({ versionParam: '1.0.0', pluginUrl });
  const plugins = [{ plugin_version: version.sid, phase: 3 }];
  const { sid: configurationId } = await v1.pluginConfigurations.create({
    name: 'theirs',
    plugins,
  });
  await v1.pluginReleases.create({ configurationId });
}

const aStage = (flex: object = { plugin: {} }): CommandStage =>
  commandStage(aConfig(flex), simulator.url);

/** Builds the file and hosts it. */
async function built(stage: CommandStage): Promise<string> {
  const out = join(mkdtempSync(join(tmpdir(), 'plugin-')), 'plugin.js');
  const { code } = await stage.run(`plugin deploy --out ${out} ${WEBHOOK}`);
  expect(code).toBe(0);
  hosted = readFileSync(out, 'utf8');
  return `${host.url}/plugin.js`;
}

const writes = () => simulator.requests().filter(({ method }) => method !== 'GET').length;

describe('flex-channel plugin deploy', () => {
  test('releases what is hosted, keeps the plugins of others, and then finds nothing to change', async () => {
    await aReleasedPlugin('theirs');
    const stage = aStage();
    const url = await built(stage);

    const first = await stage.run(`plugin deploy --yes --url ${url} ${WEBHOOK}`);
    const written = writes();
    const second = await stage.run(`plugin deploy --yes --url ${url} ${WEBHOOK}`);

    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('keep theirs: 1.0.0') });
    expect(second).toMatchObject({ code: 0, out: 'Nothing to change.' });
    expect(writes()).toBe(written);
    expect(await released()).toEqual(['flex-channel', 'theirs']);
  });

  test('replaces its own earlier version', async () => {
    const stage = aStage();
    const url = await built(stage);
    await stage.run(`plugin deploy --yes --url ${url} ${WEBHOOK}`);
    const other = WEBHOOK.replace('hooks', 'others');
    const out = join(mkdtempSync(join(tmpdir(), 'plugin-')), 'plugin.js');
    await stage.run(`plugin deploy --out ${out} ${other}`);
    hosted = readFileSync(out, 'utf8');

    const { code } = await stage.run(`plugin deploy --yes --url ${url} ${other}`);

    expect(code).toBe(0);
    expect(await released()).toEqual(['flex-channel']);
  });

  test('changes nothing in a dry run, and without a yes', async () => {
    const stage = aStage();
    const url = await built(stage);
    const before = writes();

    const dry = await stage.run(`plugin deploy --dry-run --url ${url} ${WEBHOOK}`);
    const no = await stage.run(`plugin deploy --url ${url} ${WEBHOOK}`, { answers: ['n'] });

    expect([dry.code, no.code, writes()]).toEqual([0, 0, before]);
    expect(dry.out).toContain('add flex-channel');
  });

  test.each([
    ['is another one', 'alert(1)', 'something else'],
    ['is not there', '', 'status 404'],
  ])('refuses a hosted file that %s', async (_, body, problem) => {
    const stage = aStage();
    const url = await built(stage);
    hosted = body;

    const { code, err } = await stage.run(`plugin deploy --yes --url ${url} ${WEBHOOK}`);

    expect([code, err]).toEqual([1, expect.stringContaining(problem)]);
    expect(await released()).toEqual([]);
  });

  test.each([
    ['an address without https', {}, `--url http://assets.example.com/x.js ${WEBHOOK}`, 'https'],
    ['no address of the stack', {}, '--url https://a.example.com/x.js', '--webhook-url'],
    ['nothing to do', {}, WEBHOOK, '--out'],
    [
      'Programmable Chat',
      { backEnd: 'programmable-chat' },
      `--out /tmp/x ${WEBHOOK}`,
      'conversations',
    ],
  ])('refuses %s', async (_, flex, options, problem) => {
    const { code, err } = await aStage(flex).run(`plugin deploy --yes ${options}`);

    expect([code, err]).toEqual([1, expect.stringContaining(problem)]);
  });

  test('says what is left to do where the stack does not hear the plugin yet', async () => {
    const stage = aStage({});
    const url = await built(stage);

    const { out } = await stage.run(`plugin deploy --yes --url ${url} ${WEBHOOK}`);

    expect(out).toContain('"plugin": {}');
  });

  test('answers in JSON', async () => {
    const stage = aStage();
    const url = await built(stage);

    const { out } = await stage.run(`plugin deploy --json --yes --url ${url} ${WEBHOOK}`);

    expect(JSON.parse(out)).toMatchObject({ stage: 'qa', state: 'released', url });
  });
});

describe('flex-channel plugin remove', () => {
  test('releases the others without its own, once', async () => {
    await aReleasedPlugin('theirs');
    const stage = aStage();
    const url = await built(stage);
    await stage.run(`plugin deploy --yes --url ${url} ${WEBHOOK}`);

    const first = await stage.run('plugin remove --yes');
    const second = await stage.run('plugin remove --yes');

    expect([first.code, second.out]).toEqual([0, 'It is not released.']);
    expect(await released()).toEqual(['theirs']);
  });
});
