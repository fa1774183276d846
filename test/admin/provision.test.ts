import { parseContent } from '#protocol/content';
import { aConfig, type CommandStage, commandStage, runCommand } from '../support/admin-command.ts';
import {
  anAccount,
  CHAT_SERVICE_SID,
  type ScriptedAccount,
  type ScriptedTwilio,
  sid,
  startScriptedTwilio,
  TASK_CHANNEL_SID,
  WORKFLOW_SID,
  WORKSPACE_SID,
} from '../support/scripted-twilio.ts';

const WEBHOOK_URL = 'https://hooks.example.com/prod';
const EVENTS = ['onMessageSent', 'onMessageUpdated', 'onMessageRemoved'];
const PROVISION = `provision --yes --webhook-url ${WEBHOOK_URL}`;

let account: ScriptedAccount;
let twilio: ScriptedTwilio;
beforeEach(async () => {
  account = anAccount();
  twilio = await startScriptedTwilio(account);
});
afterEach(() => twilio.stop());

const stageWith = (flex: object): CommandStage => commandStage(aConfig(flex), twilio.url);

const KINDS = [
  ['conversations', { type: 'task', workflowSid: WORKFLOW_SID }],
  ['conversations', { type: 'studio' }],
  ['conversations', { type: 'external', url: 'https://tasks.example.com/new' }],
  ['programmable-chat', { type: 'task', workflowSid: WORKFLOW_SID }],
  ['programmable-chat', { type: 'studio' }],
  ['programmable-chat', { type: 'external', url: 'https://tasks.example.com/new' }],
] as const;

describe('flex-channel provision', () => {
  test.each(KINDS)('writes nothing in a second run: %s, %j', async (backEnd, routing) => {
    const stage = stageWith({ backEnd, routing });
    const first = await stage.run(PROVISION);
    const written = twilio.writes().length;
    const config = stage.config();

    const second = await stage.run(PROVISION);

    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('create') });
    expect(second).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to change.') });
    expect(written).toBeGreaterThan(0);
    expect(twilio.writes()).toHaveLength(written);
    expect(stage.config()).toEqual(config);
  });

  test('makes a webhook for the interactions that the channel creates itself', async () => {
    const stage = stageWith({});

    await stage.run(PROVISION);

    const [webhook] = account.interactionWebhooks.values();
    expect(webhook).toMatchObject({
      type: 'interaction',
      webhook_url: `${WEBHOOK_URL}/channel-update`,
      webhook_events: [
        'onChannelCreateFailed',
        'onChannelStatusUpdated',
        'onParticipantJoined',
        'onParticipantLeft',
      ],
      webhook_method: 'POST',
      friendly_name: 'flex-channel qa',
    });
    expect(stage.config().flex.interactionWebhookTtid).toBe(webhook.ttid);
    expect(account.chatServices.get(CHAT_SERVICE_SID).post_webhook_url).toBe('');
  });

  test('makes a Studio flow that greets and sends to Flex, and catches what it says', async () => {
    const stage = stageWith({ routing: { type: 'studio' } });

    await stage.run(PROVISION);

    const [flow] = account.studioFlows.values();
    const [trigger, greeting, sendToFlex] = flow.definition.states;
    expect(flow).toMatchObject({ friendly_name: 'flex-channel qa', status: 'published' });
    expect(trigger.transitions).toContainEqual({
      event: 'incomingConversationMessage',
      next: greeting.name,
    });
    expect(greeting.transitions[0]).toEqual({ event: 'sent', next: sendToFlex.name });
    const { flexChannel } = JSON.parse(greeting.properties.attributes);
    expect(parseContent(flexChannel.content)).toMatchObject({ type: 'quickReply' });
    expect(sendToFlex.properties).toMatchObject({
      workflow: WORKFLOW_SID,
      channel: TASK_CHANNEL_SID,
    });
    expect(sendToFlex.properties.attributes.length).toBeLessThan(1024);
    expect(stage.config().flex.routing.flowSid).toBe(flow.sid);
    const service = account.chatServices.get(CHAT_SERVICE_SID);
    expect(service.post_webhook_url).toBe(`${WEBHOOK_URL}/new-message`);
    expect(service.webhook_filters).toEqual(EVENTS);
    expect([...account.interactionWebhooks.values()]).toMatchObject([{ type: 'global' }]);
  });

  test('makes a Flex Flow that names the Studio flow made just before', async () => {
    const stage = stageWith({ backEnd: 'programmable-chat', routing: { type: 'studio' } });

    await stage.run(PROVISION);

    const [studioFlow] = account.studioFlows.values();
    const [flexFlow] = account.flexFlows.values();
    expect(flexFlow).toMatchObject({
      friendly_name: 'flex-channel qa',
      channel_type: 'custom',
      enabled: true,
      integration: { flow_sid: studioFlow.sid },
      janitor_enabled: true,
      long_lived: false,
    });
    expect(studioFlow.definition.states[0].transitions[0]).toMatchObject({
      event: 'incomingMessage',
      next: 'greeting',
    });
    expect(stage.config().flex).toMatchObject({
      flexFlowSid: flexFlow.sid,
      routing: { flowSid: studioFlow.sid },
    });
  });

  test('takes a Flex Flow that shows the unique name of its task channel as it is', async () => {
    const stage = stageWith({ backEnd: 'programmable-chat' });
    await stage.run(PROVISION);
    const [flexFlow] = account.flexFlows.values();
    expect(flexFlow.integration).toMatchObject({
      workspace_sid: WORKSPACE_SID,
      workflow_sid: WORKFLOW_SID,
      creation_on_message: true,
      channel: TASK_CHANNEL_SID,
    });
    flexFlow.integration.channel = 'chat';

    const { out } = await stage.run(PROVISION);

    expect(out).toContain('Nothing to change.');
  });

  test('brings what an earlier configuration left back in line', async () => {
    const stage = stageWith({ backEnd: 'programmable-chat' });
    await stage.run(PROVISION);
    const [flexFlow] = account.flexFlows.values();
    flexFlow.enabled = false;

    const { out } = await stage.run(PROVISION);

    expect(out).toContain('enabled: false becomes true');
    expect([...account.flexFlows.values()]).toMatchObject([{ enabled: true }]);
  });

  test('moves its webhooks when the address of the stack has changed', async () => {
    const stage = stageWith({});
    await stage.run(PROVISION);

    await stage.run('provision --yes --webhook-url https://new.example.com');

    expect([...account.interactionWebhooks.values()]).toMatchObject([
      { webhook_url: 'https://new.example.com/channel-update' },
    ]);
  });

  test('leaves what needs the address of the stack until there is one', async () => {
    const stage = stageWith({ routing: { type: 'studio' } });

    const { code, out } = await stage.run('provision --yes');

    expect(code).toBe(0);
    expect(out).toContain('deploy, then run provision again');
    expect(account.studioFlows.size).toBe(1);
    expect(account.interactionWebhooks.size).toBe(0);
  });

  test('leaves a flow alone that was edited in Studio', async () => {
    const stage = stageWith({ routing: { type: 'studio' } });
    await stage.run(PROVISION);
    const [flow] = account.studioFlows.values();
    Object.assign(flow, { revision: 2, definition: { states: [] } });

    const { out } = await stage.run(PROVISION);

    expect(out).toContain('edited in Studio, left as it is');
    expect(account.studioFlows.get(flow.sid).definition).toEqual({ states: [] });
  });

  test('brings a flow of its own up to date when the workflow changes', async () => {
    const routing = { type: 'studio', workflowSid: WORKFLOW_SID };
    const stage = stageWith({ routing });
    await stage.run(PROVISION);
    const other = sid('WW', '9');
    account.workspaces.get(WORKSPACE_SID)?.workflows.set(other, 'Returns');
    const changed = {
      ...routing,
      flowSid: stage.config().flex.routing.flowSid,
      workflowSid: other,
    };

    await commandStage(aConfig({ routing: changed }), twilio.url).run(PROVISION);

    const [flow] = account.studioFlows.values();
    expect(flow.revision).toBe(2);
    expect(flow.definition.states[2].properties.workflow).toBe(other);
  });

  test('uses a flow that somebody made by hand as it is', async () => {
    const own = { sid: sid('FW', '7'), friendly_name: 'Sales chat', status: 'published' };
    account.studioFlows.set(own.sid, own);
    const stage = stageWith({ routing: { type: 'studio', flowSid: own.sid } });

    const { out } = await stage.run(PROVISION);

    expect(out).toContain('"Sales chat"');
    expect(account.studioFlows.get(own.sid)).toBe(own);
  });

  test('finds what it made again when the configuration has lost its SID', async () => {
    const stage = stageWith({ routing: { type: 'studio' } });
    await stage.run(PROVISION);
    const { flowSid } = stage.config().flex.routing;
    const fresh = stageWith({ routing: { type: 'studio' } });

    const { out } = await fresh.run(PROVISION);

    expect(out).toMatch(/write +configuration +- +flex\.routing\.flowSid/);
    expect(account.studioFlows.size).toBe(1);
    expect(fresh.config().flex.routing.flowSid).toBe(flowSid);
  });

  test('asks before it changes anything, and heeds a no', async () => {
    const stage = stageWith({});

    const refused = await stage.run(`provision --webhook-url ${WEBHOOK_URL}`, { answers: ['n'] });

    expect(refused).toMatchObject({ code: 1, questions: ['Change this? [y/N] '] });
    expect(refused.out).toContain('Nothing was changed.');
    expect(twilio.writes()).toEqual([]);
  });

  test('goes on after a yes', async () => {
    const stage = stageWith({});

    const { code } = await stage.run(`provision --webhook-url ${WEBHOOK_URL}`, { answers: ['y'] });

    expect(code).toBe(0);
    expect(twilio.writes()).not.toEqual([]);
  });

  test('does not go on when nobody is there to answer', async () => {
    const stage = stageWith({});

    const { code, err } = await stage.run(`provision --webhook-url ${WEBHOOK_URL}`);

    expect(code).toBe(2);
    expect(err).toContain('pass --yes or --dry-run');
    expect(twilio.writes()).toEqual([]);
  });

  test('only shows the plan in a dry run', async () => {
    const stage = stageWith({ routing: { type: 'studio' } });
    const before = stage.config();

    const { code, out } = await stage.run(`provision --dry-run --webhook-url ${WEBHOOK_URL}`);

    expect(code).toBe(0);
    expect(out).toMatch(/create +Studio flow/);
    expect(out).toContain('Dry run: nothing was changed.');
    expect(twilio.writes()).toEqual([]);
    expect(stage.config()).toEqual(before);
  });

  test('tells as JSON, and what goes on elsewhere', async () => {
    const stage = stageWith({});

    const { out, err } = await stage.run(`${PROVISION} --json`);

    expect(JSON.parse(out)).toMatchObject({
      stage: 'qa',
      isChanged: true,
      steps: [
        { resource: 'Interaction webhook (interaction)', action: 'create' },
        { resource: 'Task events', action: 'create' },
      ],
    });
    expect(err).toContain('Creating: Interaction webhook');
  });

  test('refuses credentials that cannot be right before it calls Twilio', async () => {
    const stage = stageWith({});

    const { code, err } = await stage.run(PROVISION, {
      env: { TWILIO_AUTH_TOKEN: 'Xy'.repeat(16) },
    });

    expect(code).toBe(1);
    expect(err).toContain("TWILIO_AUTH_TOKEN: not an auth token; an API key's secret?");
    expect(err).not.toContain('XyXy');
    expect(twilio.requests).toHaveLength(0);
  });
});

describe('conflicts of flex-channel provision', () => {
  test('leaves a foreign webhook of the chat service alone, and does the rest', async () => {
    const foreign = 'https://other.example.com/hook';
    account.chatServices.get(CHAT_SERVICE_SID).post_webhook_url = foreign;
    const stage = stageWith({ routing: { type: 'studio' } });

    const { code, out } = await stage.run(PROVISION);

    expect(code).toBe(1);
    expect(out).toMatch(/conflict +Chat service webhook/);
    expect(out).toContain(foreign);
    expect(out).toContain('cure: clear it');
    expect(account.chatServices.get(CHAT_SERVICE_SID).post_webhook_url).toBe(foreign);
    expect(account.studioFlows.size).toBe(1);
  });

  test("keeps the events of somebody's webhook before messages", async () => {
    Object.assign(account.chatServices.get(CHAT_SERVICE_SID), {
      pre_webhook_url: 'https://other.example.com/hook',
      webhook_filters: ['onMessageSend'],
    });

    await stageWith({ routing: { type: 'studio' } }).run(PROVISION);

    expect(account.chatServices.get(CHAT_SERVICE_SID)).toMatchObject({
      pre_webhook_url: 'https://other.example.com/hook',
      webhook_filters: ['onMessageSend', ...EVENTS],
    });
  });

  test('leaves a foreign global interaction webhook alone', async () => {
    const foreign = { ttid: 'flex_interactionwebhook_x', type: 'global', webhook_url: 'https://o' };
    account.interactionWebhooks.set(foreign.ttid, foreign);

    const { code, out } = await stageWith({
      routing: { type: 'external', url: 'https://tasks.example.com' },
    }).run(PROVISION);

    expect(code).toBe(1);
    expect(out).toMatch(/conflict +Interaction webhook \(global\)/);
    expect([...account.interactionWebhooks.values()]).toEqual([foreign]);
  });

  test('makes no second enabled Flex Flow of type custom', async () => {
    const rival = {
      sid: sid('FO', '8'),
      friendly_name: 'Old',
      channel_type: 'custom',
      enabled: true,
    };
    account.flexFlows.set(rival.sid, rival);

    const { code, out } = await stageWith({ backEnd: 'programmable-chat' }).run(PROVISION);

    expect(code).toBe(1);
    expect(out).toContain(`${rival.sid} "Old" is enabled for custom channels already`);
    expect([...account.flexFlows.values()]).toEqual([rival]);
  });

  test('does not choose between several workflows', async () => {
    account.workspaces.get(WORKSPACE_SID)?.workflows.set(sid('WW', '9'), 'Returns');

    const { code, out } = await stageWith({ routing: { type: 'studio' } }).run(PROVISION);

    expect(code).toBe(1);
    expect(out).toContain('several workflows');
    expect(out).toContain('cure: set flex.routing.workflowSid');
    expect(account.studioFlows.size).toBe(0);
  });

  test('names a configured flow that the account does not have', async () => {
    const flowSid = sid('FW', '9');

    const { code, out } = await stageWith({ routing: { type: 'studio', flowSid } }).run(PROVISION);

    expect(code).toBe(1);
    expect(out).toContain(`the account has no flow ${flowSid}`);
    expect(account.studioFlows.size).toBe(0);
  });
});

describe('flex-channel', () => {
  test.each([
    ['', 2],
    ['--help', 0],
    ['provision --help', 0],
    ['doctor --help', 0],
    ['status --help', 0],
    ['teardown --help', 0],
    ['secrets set --help', 0],
    ['bogus', 2],
    ['provision --stage qa --bogus', 2],
    ['provision', 2],
    ['provision --stage missing', 1],
  ])('ends "%s" with exit code %i', async (line, code) => {
    expect(await runCommand(line)).toMatchObject({ code });
  });
});
