import { aConfig, type CommandStage, commandStage } from '../support/admin-command.ts';
import {
  anAccount,
  type Json,
  type ScriptedAccount,
  type ScriptedTwilio,
  sid,
  startScriptedTwilio,
} from '../support/scripted-twilio.ts';

const URL = 'https://hooks.example.com/prod';
const OTHER_URL = 'https://qa.example.com/prod';
const TYPES = [
  'task.canceled',
  'task.completed',
  'task.created',
  'task.deleted',
  'task.system-deleted',
  'task.wrapup',
  'workflow.timeout',
].map((type) => `com.twilio.taskrouter.${type}`);

let account: ScriptedAccount;
let twilio: ScriptedTwilio;
beforeEach(async () => {
  account = anAccount();
  twilio = await startScriptedTwilio(account);
});
afterEach(() => twilio.stop());

const provision = (stage: CommandStage, url = URL) =>
  stage.run(`provision --yes --webhook-url ${url}`);

async function provisioned(stageName = 'qa', flex: object = {}, url = URL): Promise<CommandStage> {
  const stage = commandStage(aConfig(flex), twilio.url, stageName);
  await provision(stage, url);
  return stage;
}

const sinks = (): Json[] => [...account.sinks.values()];
const subscriptions = (): Json[] => [...account.subscriptions.values()];
const typesOf = (subscription: Json): string[] => [...subscription.types.keys()].toSorted();

describe('provision', () => {
  test.each([{ backEnd: 'conversations' }, { backEnd: 'programmable-chat' }])(
    'makes a sink and a subscription to what may become of a task: %j',
    async (flex) => {
      await provisioned('qa', flex);

      expect(sinks()).toMatchObject([
        {
          description: 'flex-channel qa',
          sink_configuration: { destination: `${URL}/task-event`, method: 'POST' },
          sink_type: 'webhook',
        },
      ]);
      expect(subscriptions()).toMatchObject([
        { description: 'flex-channel qa', sink_sid: sinks()[0].sid },
      ]);
      expect(typesOf(subscriptions()[0])).toEqual(TYPES);
    },
  );

  test('leaves the workspace as it is', async () => {
    await provisioned();

    expect(twilio.writes().filter((write) => write.includes('taskrouter'))).toEqual([]);
  });

  test('shows it before it is done, and waits for the address of the stack', async () => {
    const stage = commandStage(aConfig(), twilio.url);

    const early = await stage.run('provision --dry-run');
    const later = await stage.run(`provision --dry-run --webhook-url ${URL}`);

    expect(early.out).toMatch(/skip +Task events/);
    expect(later.out).toMatch(
      /create +Task events +- +https:\/\/hooks.example.com\/prod\/task-event/,
    );
    expect(sinks()).toEqual([]);
  });

  test('makes the sink anew when the stack has got another address', async () => {
    const stage = await provisioned();

    const { out } = await provision(stage, OTHER_URL);

    expect(out).toMatch(/update +Task events +DG\w+ +address: .* becomes https:\/\/qa\.example/);
    expect(sinks()).toMatchObject([
      { sink_configuration: { destination: `${OTHER_URL}/task-event` } },
    ]);
    expect(subscriptions()).toMatchObject([{ sink_sid: sinks()[0].sid }]);
  });

  test('makes the sink anew when Twilio has given it up', async () => {
    const stage = await provisioned();
    sinks()[0].status = 'failed';

    const { out } = await provision(stage);

    expect(out).toContain('status: failed becomes active');
    expect(sinks()).toMatchObject([{ status: 'active' }]);
    expect(typesOf(subscriptions()[0])).toEqual(TYPES);
  });

  test('adds the types that a subscription lacks, and removes the others', async () => {
    const stage = await provisioned();
    const { types } = subscriptions()[0];
    types.delete('com.twilio.taskrouter.task.canceled');
    types.set('com.twilio.taskrouter.task.updated', { type: 'com.twilio.taskrouter.task.updated' });

    const { out } = await provision(stage);

    expect(out).toContain('events: com.twilio.taskrouter.task.canceled are added');
    expect(out).toContain('events: com.twilio.taskrouter.task.updated are removed');
    expect(typesOf(subscriptions()[0])).toEqual(TYPES);
    expect(sinks()).toHaveLength(1);
  });

  test('subscribes again when the subscription is gone', async () => {
    const stage = await provisioned();
    account.subscriptions.clear();

    await provision(stage);

    expect(typesOf(subscriptions()[0])).toEqual(TYPES);
  });

  test('tidies up after an update that broke off', async () => {
    const stage = await provisioned();
    const old = sinks()[0];
    const left = {
      ...old,
      sid: sid('DG', '9'),
      sink_configuration: { destination: 'https://old.example' },
    };
    account.sinks.set(left.sid, left);

    const { out } = await provision(stage);

    expect(out).toContain('1 more of this stage: removed');
    expect(sinks()).toMatchObject([{ sid: old.sid }]);
  });
});

describe('two stages in one account', () => {
  test('keep to their own sinks', async () => {
    await provisioned('prod');
    const qa = await provisioned('qa', {}, OTHER_URL);

    const { out } = await provision(qa, OTHER_URL);
    const names = sinks().map(({ description }) => description);
    await qa.run(`teardown --yes --webhook-url ${OTHER_URL}`);

    expect(out).toContain('Nothing to change.');
    expect(names).toEqual(['flex-channel prod', 'flex-channel qa']);
    expect(sinks()).toMatchObject([{ description: 'flex-channel prod' }]);
    expect(subscriptions()).toMatchObject([{ description: 'flex-channel prod' }]);
  });
});

describe('teardown', () => {
  test('removes the sink and its subscription, and what others made stays', async () => {
    const foreign = {
      sid: sid('DG', '8'),
      description: 'CRM',
      sink_configuration: {},
      status: 'active',
    };
    account.sinks.set(foreign.sid, foreign);
    const stage = await provisioned();

    const { out } = await stage.run(`teardown --yes --webhook-url ${URL}`);

    expect(out).toContain('Task events');
    expect(sinks()).toMatchObject([{ description: 'CRM' }]);
    expect(subscriptions()).toEqual([]);
  });

  test("names somebody else's subscription that leads to our sink, and removes nothing of it", async () => {
    const stage = await provisioned();
    const foreign = { sid: sid('DF', '8'), sink_sid: sinks()[0].sid, description: 'CRM' };
    account.subscriptions.set(foreign.sid, foreign);

    const { code, err, out } = await stage.run(`teardown --yes --webhook-url ${URL}`);

    expect(code).not.toBe(0);
    expect(err + out).toContain(`the subscription ${foreign.sid} "CRM" uses the sink`);
    expect(sinks()).toHaveLength(1);
    expect(subscriptions()).toHaveLength(2);
  });
});

describe('status and doctor', () => {
  test('know a sink that is as it should be', async () => {
    const stage = await provisioned();

    const { out } = await stage.run(`status --webhook-url ${URL}`);

    expect(out).toMatch(
      /ready +Task events +DG\w+ +https:\/\/hooks\.example\.com\/prod\/task-event/,
    );
  });

  test.each<[string, () => void, RegExp]>([
    ['that was removed', () => account.sinks.clear(), /Task events: missing/],
    ['that has failed', () => (sinks()[0].status = 'failed'), /status: failed becomes active/],
    [
      'that leads elsewhere',
      () => (sinks()[0].sink_configuration.destination = 'https://old.example'),
      /address: https:\/\/old\.example becomes/,
    ],
    ['without a subscription', () => account.subscriptions.clear(), /events: .* are added/],
  ])('name a sink %s, with the cure', async (_, spoil, said) => {
    const stage = await provisioned();
    spoil();

    const { out } = await stage.run(`doctor --webhook-url ${URL} --json`);

    const findings = JSON.parse(out).findings.filter(
      ({ field }: Json) => field === 'twilio.workspaceSid',
    );
    expect(findings).toMatchObject([
      {
        severity: 'warning',
        cure: expect.stringContaining('npx flex-channel provision --stage qa'),
      },
    ]);
    expect(findings[0].problem).toMatch(said);
  });
});
