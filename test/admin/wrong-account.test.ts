/** What a command does to an account that the file does not mean. */
import { aConfig, type CommandStage, commandStage, WITH_KEY } from '../support/admin-command.ts';
import {
  AUTH_TOKEN,
  anAccount,
  type Json,
  type ScriptedAccount,
  type ScriptedTwilio,
  sid,
  startScriptedTwilio,
  WORKFLOW_SID,
  WORKSPACE_SID,
} from '../support/scripted-twilio.ts';

const WEBHOOK = '--webhook-url https://hooks.example.com/prod';
const OTHER = sid('AC', '9');

let account: ScriptedAccount;
let twilio: ScriptedTwilio;
beforeEach(async () => {
  account = anAccount();
  twilio = await startScriptedTwilio(account);
});
afterEach(() => twilio.stop());

const FLEX = [
  {},
  { routing: { type: 'studio' } },
  { routing: { type: 'external', url: 'https://tasks.example.com/new' } },
  { backEnd: 'programmable-chat' },
];

/** The file as it would be for this account, but for the account's SID. */
async function provisionedThenMisnamed(flex: object): Promise<CommandStage> {
  const own = commandStage(aConfig(flex), twilio.url);
  await own.run(`provision --yes ${WEBHOOK}`);
  const config = own.config();
  return commandStage({ ...config, twilio: { ...config.twilio, accountSid: OTHER } }, twilio.url);
}

describe('with the API key of another account than the file names', () => {
  test.each(FLEX)('provision writes nothing: %j', async (flex) => {
    const config = aConfig(flex);
    config.twilio.accountSid = OTHER;
    const stage = commandStage(config, twilio.url);

    const { code, err } = await stage.run(`provision --yes ${WEBHOOK}`);

    expect(code).toBe(1);
    expect(err).toContain(`belong to account ${account.accountSid}`);
    expect(err).toContain(`twilio.accountSid names ${OTHER}`);
    expect(twilio.writes()).toEqual([]);
    expect(stage.config()).toEqual(config);
  });

  test.each(FLEX)('teardown removes nothing: %j', async (flex) => {
    const stage = await provisionedThenMisnamed(flex);
    const written = twilio.writes().length;
    const before = stage.config();

    for (const line of ['teardown --yes', 'teardown --unused --yes']) {
      const { code, err } = await stage.run(`${line} ${WEBHOOK}`);
      expect(code).toBe(1);
      expect(err).toContain(`belong to account ${account.accountSid}`);
    }

    expect(twilio.writes()).toHaveLength(written);
    expect(stage.config()).toEqual(before);
  });

  test('status tells nothing of it', async () => {
    const stage = await provisionedThenMisnamed({});

    const { code, out, err } = await stage.run(`status ${WEBHOOK}`);

    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain(`belong to account ${account.accountSid}`);
  });

  test("the auth token of another account can't be used at all", async () => {
    const stage = await provisionedThenMisnamed({});

    const { code, err } = await stage.run(`provision --yes ${WEBHOOK}`, {
      env: { TWILIO_AUTH_TOKEN: AUTH_TOKEN },
    });

    expect(code).toBe(1);
    expect(err).toMatch(/Twilio answered 401, code 20003: .*key and secret belong together/);
  });

  test('a variable that names the account of the file changes nothing about it', async () => {
    const stage = await provisionedThenMisnamed({});
    const written = twilio.writes().length;

    const { code } = await stage.run(`teardown --yes ${WEBHOOK}`, {
      env: { ...WITH_KEY, TWILIO_ACCOUNT_SID: OTHER },
    });

    expect(code).toBe(1);
    expect(twilio.writes()).toHaveLength(written);
  });
});

type Slip = readonly [name: string, make: (config: Json) => void, said: RegExp];

const SLIPS: readonly Slip[] = [
  [
    'a workspace that is not that of Flex',
    (config) => {
      const workspace = account.workspaces.get(WORKSPACE_SID);
      if (workspace) account.workspaces.set(sid('WS', '6'), { ...workspace, name: 'Shop' });
      config.twilio.workspaceSid = sid('WS', '6');
    },
    /twilio\.workspaceSid = WS6+\n.*it is "Shop", not the workspace of Flex's agents/,
  ],
  [
    'a workspace that the account does not have',
    (config) => Object.assign(config.twilio, { workspaceSid: sid('WS', '7') }),
    /twilio\.workspaceSid = WS7+\n.*no such workspace/,
  ],
  [
    'a workflow of another workspace',
    (config) => {
      const workflows = new Map([[sid('WW', '5'), 'Returns']]);
      account.workspaces.set(sid('WS', '5'), { name: 'Shop', workflows, taskChannels: [] });
      config.flex.routing.workflowSid = sid('WW', '5');
    },
    /flex\.routing\.workflowSid = WW5+\n.*it belongs to workspace WS5+, not to WSc+/,
  ],
  [
    'a workflow that nobody has',
    (config) => Object.assign(config.flex.routing, { workflowSid: sid('WW', '6') }),
    /flex\.routing\.workflowSid = WW6+\n.*has no such workflow/,
  ],
  [
    'a task channel that the workspace does not have',
    (config) => Object.assign(config.flex.routing, { taskChannel: 'web' }),
    /flex\.routing\.taskChannel = web\n.*no task channel of this unique name/,
  ],
  [
    'a chat service that the account does not have',
    (config) => Object.assign(config.twilio, { chatServiceSid: sid('IS', '8') }),
    /twilio\.chatServiceSid = IS8+\n.*no such chat service/,
  ],
];

describe.each(['conversations', 'programmable-chat'])(
  'provision of %s with routing task',
  (backEnd) => {
    test.each(SLIPS)('writes nothing for %s, and names the cure', async (_name, make, said) => {
      const config = aConfig({ backEnd, routing: { type: 'task', workflowSid: WORKFLOW_SID } });
      make(config);
      const stage = commandStage(config, twilio.url);

      const { code, err } = await stage.run(`provision --yes ${WEBHOOK}`);

      expect(code).toBe(1);
      expect(err).toMatch(said);
      expect(err).toMatch(/^ {2}cure: {5}\S/m);
      expect(twilio.writes()).toEqual([]);
      expect(stage.config()).toEqual(config);
    });
  },
);
