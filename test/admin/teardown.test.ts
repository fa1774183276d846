import { aConfig, type CommandStage, commandStage } from '../support/admin-command.ts';
import {
  anAccount,
  CHAT_SERVICE_SID,
  type ScriptedAccount,
  type ScriptedTwilio,
  sid,
  startScriptedTwilio,
} from '../support/scripted-twilio.ts';

const WEBHOOK = '--webhook-url https://hooks.example.com/prod';

let account: ScriptedAccount;
let twilio: ScriptedTwilio;
beforeEach(async () => {
  account = anAccount();
  twilio = await startScriptedTwilio(account);
});
afterEach(() => twilio.stop());

async function provisioned(flex: object, stageName = 'qa'): Promise<CommandStage> {
  const stage = commandStage(aConfig(flex), twilio.url, stageName);
  await stage.run(`provision --yes ${WEBHOOK}`);
  return stage;
}

describe('flex-channel teardown', () => {
  test('removes all that provision made, and its SIDs from the configuration', async () => {
    const flex = { routing: { type: 'studio' } };
    const stage = await provisioned(flex);

    const { code, out } = await stage.run(`teardown --yes ${WEBHOOK}`);

    expect(code).toBe(0);
    expect(out).toContain('Removed.');
    expect(account.studioFlows.size + account.interactionWebhooks.size).toBe(0);
    expect(account.chatServices.get(CHAT_SERVICE_SID).post_webhook_url).toBe('');
    expect(stage.config()).toEqual(aConfig(flex));
  });

  test('removes a Flex Flow and the Studio flow that it names', async () => {
    const stage = await provisioned({ backEnd: 'programmable-chat', routing: { type: 'studio' } });

    await stage.run(`teardown --yes ${WEBHOOK}`);

    const deleted = twilio.writes().filter((write) => write.startsWith('DELETE'));
    expect(deleted.map((write) => write.split('/').at(-2))).toEqual([
      'Subscriptions',
      'Sinks',
      'FlexFlows',
      'Flows',
    ]);
    expect(stage.config().flex.flexFlowSid).toBeUndefined();
  });

  test("leaves another stage's things alone", async () => {
    await provisioned({}, 'prod');
    const stage = commandStage(aConfig(), twilio.url);

    const { out } = await stage.run('teardown --yes --webhook-url https://qa.example.com');

    expect(out).toContain('Nothing to remove.');
    expect(account.interactionWebhooks.size).toBe(1);
  });

  test('leaves a flow alone that somebody made by hand, and its SID', async () => {
    const own = { sid: sid('FW', '7'), friendly_name: 'Sales chat', status: 'published' };
    account.studioFlows.set(own.sid, own);
    const stage = await provisioned({ routing: { type: 'studio', flowSid: own.sid } });

    await stage.run(`teardown --yes ${WEBHOOK}`);

    expect(account.studioFlows.size).toBe(1);
    expect(stage.config().flex.routing.flowSid).toBe(own.sid);
  });

  test('removes only what the present configuration does not use, on request', async () => {
    const before = await provisioned({ routing: { type: 'studio' } });
    const stage = commandStage(aConfig(), twilio.url);
    await stage.run(`provision --yes ${WEBHOOK}`);

    const { out } = await stage.run(`teardown --unused --yes ${WEBHOOK}`);

    expect(out).toContain('Studio flow');
    expect(account.studioFlows.size).toBe(0);
    expect([...account.interactionWebhooks.values()]).toMatchObject([{ type: 'interaction' }]);
    expect(stage.config().flex.interactionWebhookTtid).toBeDefined();
    expect(before.config().flex.routing.flowSid).toBeDefined();
  });

  test.each([
    ['teardown --dry-run', undefined, 0],
    ['teardown', ['n'], 1],
    ['teardown', undefined, 2],
  ])('removes nothing with "%s" and the answers %j', async (line, answers, code) => {
    const stage = await provisioned({ routing: { type: 'studio' } });
    const written = twilio.writes().length;

    const outcome = await stage.run(`${line} ${WEBHOOK}`, answers && { answers });

    expect(outcome.code).toBe(code);
    expect(outcome.out).toContain('To be removed');
    expect(twilio.writes()).toHaveLength(written);
    expect(stage.config().flex.routing.flowSid).toBeDefined();
  });
});

describe('flex-channel status', () => {
  test('shows what is there as ready, and writes nothing', async () => {
    const stage = await provisioned({ routing: { type: 'studio' } });
    const written = twilio.writes().length;

    const { code, out } = await stage.run(`status ${WEBHOOK}`);

    expect(code).toBe(0);
    expect(out).toMatch(/ready +Studio flow +FW/);
    expect(out).toMatch(/ready +Interaction webhook \(global\) +flex_interactionwebhook_/);
    expect(twilio.writes()).toHaveLength(written);
  });

  test('shows what is missing, and what waits for the deployment', async () => {
    const stage = commandStage(aConfig({ routing: { type: 'studio' } }), twilio.url);

    const { code, out } = await stage.run('status');

    expect(code).toBe(1);
    expect(out).toMatch(/missing +Studio flow +-/);
    expect(out).toMatch(/waiting +Interaction webhook/);
  });

  test('shows what an earlier configuration has left behind', async () => {
    await provisioned({ routing: { type: 'studio' } });
    const stage = commandStage(aConfig(), twilio.url);

    const { out } = await stage.run(`status ${WEBHOOK} --json`);

    const states = JSON.parse(out).resources.map(({ state }: { state: string }) => state);
    expect(states).toEqual(['unused', 'missing', 'unused', 'unused', 'ready']);
  });
});
