import twilio from 'twilio';
import {
  aConfig,
  type CommandStage,
  commandStage,
  type Outcome,
  WITH_KEY,
} from '../support/admin-command.ts';
import { type HttpStub, type StubAnswer, startHttpStub } from '../support/http-stub.ts';
import {
  ACCOUNT_SID,
  API_KEY,
  AUTH_TOKEN,
  anAccount,
  CHAT_SERVICE_SID,
  type Json,
  type ScriptedAccount,
  type ScriptedTwilio,
  sid,
  startScriptedTwilio,
  WORKFLOW_SID,
  WORKSPACE_SID,
} from '../support/scripted-twilio.ts';

const WITH_BOTH = { ...WITH_KEY, TWILIO_AUTH_TOKEN: AUTH_TOKEN };
const EXTERNAL = { type: 'external', url: 'https://tasks.example.com/new' };

/** What a test may change before the doctor comes. */
interface Patient {
  readonly account: ScriptedAccount;
  config: Json;
  env: NodeJS.ProcessEnv;
  stage: string;
  webhookUrl: string;
  /** What the stack answers to a right and to a wrong signature. */
  statuses: { right: number; wrong: number; taskEvent: number };
}

let account: ScriptedAccount;
let fake: ScriptedTwilio;
let stack: HttpStub;
let patient: Patient;
beforeEach(async () => {
  account = anAccount();
  fake = await startScriptedTwilio(account);
  stack = await startHttpStub(({ path, headers, body }): StubAnswer => {
    const signature = String(headers['x-twilio-signature']);
    const url = `${stack.url}${path}`;
    if (path.startsWith('/task-event')) {
      const isSigned = twilio.validateRequestWithBody(AUTH_TOKEN, signature, url, body);
      return { status: isSigned && body === '[]' ? patient.statuses.taskEvent : 403 };
    }
    const form = Object.fromEntries(new URLSearchParams(body));
    const isRight = twilio.validateRequest(AUTH_TOKEN, signature, url, form);
    return { status: isRight ? patient.statuses.right : patient.statuses.wrong };
  });
  patient = {
    account,
    config: aConfig(),
    env: WITH_BOTH,
    stage: 'qa',
    webhookUrl: stack.url,
    statuses: { right: 200, wrong: 403, taskEvent: 200 },
  };
});
afterEach(async () => {
  await Promise.all([fake.stop(), stack.stop()]);
});

/** Brings the account to what the configuration needs. */
async function provisioned(flex: object): Promise<CommandStage> {
  const stage = commandStage(aConfig(flex), fake.url, patient.stage);
  await stage.run(`provision --yes --webhook-url ${stack.url}`);
  patient.config = stage.config();
  return stage;
}

function examine(options = ''): Promise<Outcome> {
  const { config, stage, env, webhookUrl } = patient;
  const line = `doctor --webhook-url ${webhookUrl}${options}`;
  return commandStage(config, fake.url, stage).run(line, { env });
}

async function findings(): Promise<Json[]> {
  return JSON.parse((await examine(' --json')).out).findings;
}

describe('flex-channel doctor', () => {
  test('finds a Standard API key good, which may not read the account, and makes every check', async () => {
    await provisioned({});
    patient.env = WITH_KEY;

    const { code, out } = await examine();

    expect(code).toBe(0);
    expect(out).toMatch(/ok +credentials/);
    expect(out).not.toMatch(/not checked +(?!.*TWILIO_AUTH_TOKEN)/);
  });

  test.each([
    [{ routing: { type: 'task', workflowSid: WORKFLOW_SID } }],
    [{ routing: { type: 'studio' } }],
    [{ routing: EXTERNAL }],
    [{ backEnd: 'programmable-chat', routing: { type: 'studio' } }],
    [{ backEnd: 'programmable-chat' }],
  ])('finds nothing wrong with what provision made for %j', async (flex) => {
    await provisioned(flex);

    const { code, out } = await examine();

    expect(out).toContain('No problem found.');
    expect(out).not.toMatch(/^(error|warning):/m);
    expect(code).toBe(0);
  });

  test('changes nothing', async () => {
    await provisioned({ routing: { type: 'studio' } });
    const written = fake.writes().length;

    await examine();

    expect(fake.writes()).toHaveLength(written);
  });
});

/** A mistake, the field that is named for it, what is said of it, and the cure. */
type Mistake = readonly [
  name: string,
  make: (patient: Patient) => unknown,
  field: string,
  said: RegExp,
  cure: RegExp,
];

const MISTAKES: readonly Mistake[] = [
  [
    'a SID of another kind',
    ({ config }) => Object.assign(config.twilio, { workspaceSid: sid('WQ', '1') }),
    'twilio.workspaceSid',
    /"WQ1+" is a task queue SID.*a workspace SID \(WS/s,
    /put what is expected/,
  ],
  [
    'two SIDs in each other’s place',
    ({ config }) => {
      config.twilio.workspaceSid = WORKFLOW_SID;
      config.flex.routing.workflowSid = WORKSPACE_SID;
    },
    'twilio.workspaceSid',
    /is a workflow SID/,
    /swapped: exchange it with flex\.routing\.workflowSid/,
  ],
  [
    'a workflow of another workspace',
    ({ account, config }) => {
      const workflows = new Map([[sid('WW', '5'), 'Returns']]);
      account.workspaces.set(sid('WS', '5'), { name: 'Shop', workflows, taskChannels: [] });
      config.flex.routing.workflowSid = sid('WW', '5');
    },
    'flex.routing.workflowSid',
    /belongs to workspace WS5+, not to WSc+.*one of WWd+ "Assign to Anyone"/s,
    /set flex\.routing\.workflowSid/,
  ],
  [
    'a workspace that is not that of Flex',
    ({ account, config }) => {
      const workspace = account.workspaces.get(WORKSPACE_SID);
      if (workspace) account.workspaces.set(sid('WS', '6'), { ...workspace, name: 'Shop' });
      config.twilio.workspaceSid = sid('WS', '6');
    },
    'twilio.workspaceSid',
    /it is "Shop", not the workspace of Flex's agents/,
    /set twilio\.workspaceSid to WSc+/,
  ],
  [
    'an API key’s secret where the auth token must be',
    ({ env }) => Object.assign(env, { TWILIO_AUTH_TOKEN: API_KEY.secret }),
    'TWILIO_AUTH_TOKEN',
    /API key's secret.*auth token \(32 hex digits\)/s,
    /copy the auth token/,
  ],
  [
    'an auth token that Twilio does not take',
    ({ env }) => Object.assign(env, { TWILIO_AUTH_TOKEN: 'f'.repeat(32) }),
    'TWILIO_AUTH_TOKEN',
    /refuses the auth token for account ACa+/,
    /another account's, rotated since/,
  ],
  [
    'the account SID where the API key must be',
    ({ env }) => Object.assign(env, { TWILIO_API_KEY: ACCOUNT_SID }),
    'TWILIO_API_KEY',
    /SID of an account, not of an API key/,
    /set TWILIO_AUTH_TOKEN instead/,
  ],
  [
    'credentials of another account',
    ({ env }) => Object.assign(env, { TWILIO_ACCOUNT_SID: sid('AC', '9') }),
    'TWILIO_ACCOUNT_SID',
    /another account than the one that twilio\.accountSid names/,
    /correct twilio\.accountSid/,
  ],
  [
    'an account SID that the key does not belong to',
    ({ config }) => Object.assign(config.twilio, { accountSid: sid('AC', '9') }),
    'TWILIO_API_KEY',
    /good, but of another account than AC9+/,
    /correct twilio\.accountSid/,
  ],
  [
    'a suspended account',
    ({ account }) => Object.assign(account, { status: 'suspended' }),
    'twilio.accountSid',
    /the account is suspended/,
    /activate it/,
  ],
  [
    'a chat service that is not the default',
    ({ account }) => Object.assign(account, { defaultChatServiceSid: sid('IS', '7') }),
    'twilio.chatServiceSid',
    /not the default conversation service/,
    /make ISb+ the default/,
  ],
  [
    'a chat service that the account does not have',
    ({ config }) => Object.assign(config.twilio, { chatServiceSid: sid('IS', '8') }),
    'twilio.chatServiceSid',
    /no such chat service.*ISb+, which Flex uses/s,
    /set twilio\.chatServiceSid to ISb+/,
  ],
  [
    'a missing task channel',
    ({ config }) => Object.assign(config.flex.routing, { taskChannel: 'web' }),
    'flex.routing.taskChannel',
    /no task channel of this unique name.*one of chat/s,
    /set flex\.routing\.taskChannel to "chat"/,
  ],
  [
    'a task channel by its friendly name',
    ({ config }) => Object.assign(config.flex.routing, { taskChannel: 'Programmable Chat' }),
    'flex.routing.taskChannel',
    /unique name, which is "chat"/,
    /set flex\.routing\.taskChannel to "chat"/,
  ],
  [
    'a dead webhook',
    () => stack.stop(),
    'operations.webhookUrl',
    /channel-update\/doctor.*can't be reached: ECONNREFUSED/s,
    /check that the stack is deployed/,
  ],
  [
    'a webhook address without the stage',
    ({ statuses }) => Object.assign(statuses, { right: 404, wrong: 404 }),
    'operations.webhookUrl',
    /answers 404/,
    /compare it with the output WebhookUrl/,
  ],
  [
    'another auth token in the stack',
    ({ statuses }) => Object.assign(statuses, { right: 403 }),
    'operations.webhookUrl',
    /refuses a signature made with this account's auth token/,
    /flex-channel secrets set/,
  ],
  [
    'an endpoint that checks no signature',
    ({ statuses }) => Object.assign(statuses, { wrong: 200 }),
    'operations.webhookUrl',
    /accepts a wrong signature/,
    /something else than this stack answers/,
  ],
  [
    'a stack that hears nothing of tasks',
    ({ statuses }) => Object.assign(statuses, { taskEvent: 403 }),
    'operations.webhookUrl',
    /task-event.*answers 403 to a well signed request of Event Streams/s,
    /deploy this version/,
  ],
  [
    'a clock that is behind',
    ({ account }) => Object.assign(account, { aheadMs: 90_000 }),
    'clock of this machine',
    /(89|90|91) s behind Twilio's clock/,
    /NTP/,
  ],
  [
    'a clock that is far ahead',
    ({ account }) => Object.assign(account, { aheadMs: -600_000 }),
    'clock of this machine',
    /s ahead of Twilio's clock/,
    /NTP/,
  ],
  [
    'a page of a developer on a production stage',
    (patient) => {
      patient.stage = 'prod';
      patient.config.customers.allowedOrigins.push('http://localhost:3000');
    },
    'customers.allowedOrigins.1',
    /http:\/\/localhost:3000.*somebody's own machine/s,
    /remove it from config\/prod\.json/,
  ],
  [
    'a conversation without room for our webhooks',
    ({ account }) =>
      account.conversations.set(sid('CH', '1'), Array(5).fill('https://crm.example')),
    'twilio.chatServiceSid',
    /CH1+.*5 webhooks/s,
    /here they are https:\/\/crm\.example/,
  ],
  [
    'an interaction webhook that was removed',
    ({ account }) => account.interactionWebhooks.clear(),
    'flex.interactionWebhookTtid',
    /Interaction webhook \(interaction\): missing/,
    /npx flex-channel provision --stage qa --config/,
  ],
];

describe('a finding of flex-channel doctor', () => {
  test.each(MISTAKES)('names %s with its cure', async (_name, make, field, said, cure) => {
    patient.env = { ...WITH_BOTH };
    await provisioned({});
    await make(patient);

    const found = (await findings()).filter((finding) => finding.field === field);

    expect(found.map((finding) => JSON.stringify(finding).replaceAll('\\"', '"')).join()).toMatch(
      said,
    );
    expect(found.map((finding) => finding.cure).join()).toMatch(cure);
  });

  test.each<Mistake>([
    [
      'a flow that is not published',
      ({ account }) => (only(account.studioFlows).status = 'draft'),
      'flex.routing.flowSid',
      /is a draft: chats don't run through it/,
      /publish it in Studio/,
    ],
    [
      'a flow that nothing triggers',
      ({ account }) => only(account.studioFlows).definition.states.shift(),
      'flex.routing.flowSid',
      /nothing follows its trigger Incoming Conversation/,
      /connect Incoming Conversation/,
    ],
    [
      'a flow that never reaches an agent',
      ({ account }) => only(account.studioFlows).definition.states.pop(),
      'flex.routing.flowSid',
      /never sends to Flex/,
      /add one/,
    ],
    [
      'a flow that the account does not have',
      ({ config }) => Object.assign(config.flex.routing, { flowSid: sid('FW', '4') }),
      'flex.routing.flowSid',
      /FW4+.*no such flow/s,
      /remove it and run provision/,
    ],
    [
      'a foreign webhook of the chat service',
      ({ account }) =>
        Object.assign(account.chatServices.get(CHAT_SERVICE_SID), {
          post_webhook_url: 'https://crm.example.com/in',
        }),
      'twilio.chatServiceSid',
      /calls https:\/\/crm\.example\.com\/in already/,
      /clear it/,
    ],
    [
      'no webhook of the chat service',
      ({ account }) =>
        Object.assign(account.chatServices.get(CHAT_SERVICE_SID), { post_webhook_url: '' }),
      'twilio.chatServiceSid',
      /Chat service webhook: address: nothing becomes/,
      /npx flex-channel provision/,
    ],
  ])('names, with Studio, %s', async (_name, make, field, said, cure) => {
    await provisioned({ routing: { type: 'studio' } });
    await make(patient);

    const found = (await findings()).filter((finding) => finding.field === field);

    expect(found.map((finding) => JSON.stringify(finding)).join()).toMatch(said);
    expect(found.map((finding) => finding.cure).join()).toMatch(cure);
  });

  test.each<Mistake>([
    [
      'a second enabled Flex Flow',
      ({ account }) => {
        const rival = { ...only(account.flexFlows), sid: sid('FO', '8'), friendly_name: 'Old' };
        account.flexFlows.set(rival.sid, rival);
      },
      'flex.flexFlowSid',
      /FO8+ \\"Old\\" is enabled for custom channels already/,
      /disable that Flex Flow/,
    ],
    [
      'a Flex Flow of another kind',
      ({ account }) =>
        Object.assign(only(account.flexFlows), {
          friendly_name: 'Mine',
          channel_type: 'web',
          enabled: false,
        }),
      'flex.flexFlowSid',
      /channels of type web.*it is disabled/s,
      /name another.*enable it/,
    ],
    [
      'the end of Programmable Chat',
      () => {},
      'flex.backEnd',
      /end of life on 2026-06-01/,
      /docs\/migrating\.md/,
    ],
  ])('names, with Programmable Chat, %s', async (_name, make, field, said, cure) => {
    await provisioned({ backEnd: 'programmable-chat' });
    await make(patient);

    const found = (await findings()).filter((finding) => finding.field === field);

    expect(found.map((finding) => JSON.stringify(finding)).join()).toMatch(said);
    expect(found.map((finding) => finding.cure).join()).toMatch(cure);
  });

  test.each([
    ['the default', undefined, []],
    ['few batches', { maxConcurrency: 5 }, []],
    ['many batches', { maxConcurrency: 40 }, [['operations.maxConcurrency', '40', 120]]],
    [
      'a reservation',
      { reservedConcurrency: { customerSocket: 100, flexWebhook: 50 } },
      [['operations.reservedConcurrency', '150', 465]],
    ],
  ])('tells of %s what a new AWS account has not', async (_name, operations, expected) => {
    await provisioned({});
    if (operations !== undefined) patient.config.operations = operations;

    const found = (await findings()).filter(({ check }) => check === 'concurrency');

    expect(found.map(({ field, value }) => [field, value])).toEqual(
      expected.map(([field, value]) => [field, value]),
    );
    for (const [index, [, , quota]] of expected.entries()) {
      expect(found[index]).toMatchObject({
        severity: 'info',
        expected: expect.stringContaining(`executions: ${quota}`),
        cure: expect.stringContaining('get-account-settings'),
      });
    }
  });

  test('stands beside all others', async () => {
    await provisioned({});
    patient.config.twilio.workspaceSid = sid('WQ', '1');
    patient.config.twilio.chatServiceSid = sid('IS', '8');
    patient.config.customers.allowedOrigins = ['http://localhost:3000'];
    patient.statuses.right = 500;
    account.aheadMs = 600_000;

    const { code, out } = await examine();

    const named = ['twilio.workspaceSid', 'twilio.chatServiceSid', 'customers.allowedOrigins.0'];
    for (const field of [...named, 'operations.webhookUrl', 'clock of this machine']) {
      expect(out).toMatch(new RegExp(`^(error|warning): ${field}`, 'm'));
    }
    expect(out).toMatch(/not checked +workflow +without a valid twilio\.workspaceSid/);
    expect(code).toBe(1);
  });

  test('calls no credentials good that it could not try for lack of an account', async () => {
    patient.config.twilio.accountSid = 'ACxxxxxxxx';

    const { out } = await examine();

    expect(out).toMatch(/not checked +credentials +without a valid twilio\.accountSid/);
    expect(out).toMatch(/not checked +clock +without a valid twilio\.accountSid/);
  });

  test('never shows a secret', async () => {
    patient.env = {
      TWILIO_API_KEY: AUTH_TOKEN,
      TWILIO_API_SECRET: AUTH_TOKEN,
      TWILIO_AUTH_TOKEN: API_KEY.secret,
    };

    const { code, out, err } = await examine();

    expect(code).toBe(1);
    expect(out + err).not.toContain(AUTH_TOKEN);
    expect(out + err).not.toContain(API_KEY.secret);
  });

  test('says what was not checked without the auth token', async () => {
    await provisioned({});
    patient.env = WITH_KEY;

    const { code, out } = await examine();

    expect(code).toBe(0);
    expect(out).toContain('whether right ones are accepted was not checked');
  });

  test('says that the secrets of the stack were not checked', async () => {
    expect((await examine()).out).toMatch(/info: the stack's secrets\n +problem: +not checked/);
  });

  test('says so when Twilio does not answer at all', async () => {
    await fake.stop();

    const { code, out } = await examine();

    expect(code).toBe(1);
    expect(out).toContain("Twilio can't be asked");
    expect(out).toMatch(/not checked +workspace +Twilio does not let us in/);
  });
});

function only(resources: ReadonlyMap<string, Json>): Json {
  return [...resources.values()][0];
}
