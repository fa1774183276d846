/** What somebody else edited, made for another stage, or what serves the other back end. */
import { aConfig, type CommandStage, commandStage } from '../support/admin-command.ts';
import {
  anAccount,
  type Json,
  type ScriptedAccount,
  type ScriptedTwilio,
  sid,
  startScriptedTwilio,
  WORKFLOW_SID,
} from '../support/scripted-twilio.ts';

const WEBHOOK = '--webhook-url https://hooks.example.com/prod';
const STUDIO = { routing: { type: 'studio' } };
const LEGACY_STUDIO = { backEnd: 'programmable-chat', ...STUDIO };
const LEGACY_TASK = {
  backEnd: 'programmable-chat',
  routing: { type: 'task', workflowSid: WORKFLOW_SID },
};

let account: ScriptedAccount;
let twilio: ScriptedTwilio;
beforeEach(async () => {
  account = anAccount();
  twilio = await startScriptedTwilio(account);
});
afterEach(() => twilio.stop());

const stageWith = (flex: Json, name = 'qa'): CommandStage =>
  commandStage(aConfig(flex), twilio.url, name);

async function provisioned(flex: Json, name = 'qa'): Promise<CommandStage> {
  const stage = stageWith(flex, name);
  await stage.run(`provision --yes ${WEBHOOK}`);
  return stage;
}

const flows = (): Json[] => [...account.studioFlows.values()];
const only = (things: ReadonlyMap<string, Json>): Json => [...things.values()][0];

/** Somebody adds a widget in Studio's editor and publishes. */
function editInStudio(flow: Json): void {
  flow.revision += 1;
  flow.commit_message = 'Ask for the order number';
  flow.definition = {
    ...flow.definition,
    states: [...flow.definition.states, { name: 'ask', type: 'send-and-wait-for-reply' }],
  };
}

const startsBy = (flow: Json): string[] =>
  flow.definition.states[0].transitions
    .filter(({ next }: Json) => next)
    .map(({ event }: Json) => event);

describe('teardown', () => {
  test.each(['teardown --yes', 'teardown --unused --yes'])(
    'leaves a Studio flow that somebody has edited: %s',
    async (line) => {
      const stage = await provisioned(STUDIO);
      editInStudio(flows()[0]);
      const sidOfFlow = flows()[0].sid;
      const using = line.includes('--unused') ? stageWith({}) : stage;

      const { code, out } = await using.run(`${line} ${WEBHOOK}`);

      expect(code).toBe(1);
      expect(out).toMatch(new RegExp(`Studio flow +${sidOfFlow} +edited in Studio`));
      expect(out).toContain(`--edited ${sidOfFlow}`);
      expect(flows()).toHaveLength(1);
      expect(stage.config().flex.routing.flowSid).toBe(sidOfFlow);
    },
  );

  test('removes an edited flow that is asked for by its SID, and says what it leaves as JSON', async () => {
    const stage = await provisioned(STUDIO);
    editInStudio(flows()[0]);
    const { sid: flowSid } = flows()[0];

    const left = await stage.run(`teardown --dry-run --json ${WEBHOOK}`);
    const { code } = await stage.run(`teardown --yes --edited ${flowSid} ${WEBHOOK}`);

    expect(JSON.parse(left.out).left).toEqual([
      { resource: 'Studio flow', id: flowSid, reason: 'edited in Studio' },
    ]);
    expect(code).toBe(0);
    expect(flows()).toEqual([]);
    expect(stage.config().flex.routing.flowSid).toBeUndefined();
  });

  test('refuses to remove by name what is not its own', async () => {
    const stage = await provisioned(STUDIO);
    const own = { sid: sid('FW', '7'), friendly_name: 'Sales chat', status: 'published' };
    account.studioFlows.set(own.sid, own);
    const written = twilio.writes().length;

    const { code, err } = await stage.run(`teardown --yes --edited ${own.sid} ${WEBHOOK}`);

    expect(code).toBe(2);
    expect(err).toContain('which is nothing');
    expect(twilio.writes()).toHaveLength(written);
  });

  test.each([
    [
      'a Flex Flow that somebody has edited',
      LEGACY_TASK,
      () => (only(account.flexFlows).long_lived = true),
      'Flex Flow',
    ],
    [
      'a Flex Flow that somebody has given another chat service',
      LEGACY_TASK,
      () => (only(account.flexFlows).chat_service_sid = sid('IS', '9')),
      'Flex Flow',
    ],
    [
      'an interaction webhook to which somebody has added an event',
      {},
      () => only(account.interactionWebhooks).webhook_events.push('onRoutingStatusUpdated'),
      'Interaction webhook (interaction)',
    ],
    [
      'an interaction webhook that calls elsewhere now',
      {},
      () => (only(account.interactionWebhooks).webhook_url = 'https://crm.example.com/in'),
      'Interaction webhook (interaction)',
    ],
    [
      'a sink to whose subscription somebody has added an event',
      {},
      () => only(account.subscriptions).types.set('com.twilio.x', { type: 'com.twilio.x' }),
      'Task events',
    ],
    [
      'a sink that leads elsewhere',
      {},
      () =>
        (only(account.sinks).sink_configuration.destination = 'https://crm.example.com/task-event'),
      'Task events',
    ],
  ])('leaves %s, and removes the rest', async (_name, flex, edit, resource) => {
    const stage = await provisioned(flex);
    edit();

    const { code, out } = await stage.run(`teardown --yes --json ${WEBHOOK}`);

    const { removed, left } = JSON.parse(out);
    expect(code).toBe(1);
    expect(left).toMatchObject([{ resource, reason: expect.any(String) }]);
    expect(removed.map((each: Json) => each.resource)).not.toContain(resource);
    expect(removed).toHaveLength(1);
    const again = await stage.run(`teardown --yes --edited ${left[0].id} ${WEBHOOK}`);
    expect(again.code).toBe(0);
  });

  test('leaves the interaction webhook of another stage whose SID the file was copied with', async () => {
    const prod = await provisioned({}, 'prod');
    const { interactionWebhookTtid } = prod.config().flex;
    const qa = stageWith({ interactionWebhookTtid });

    for (const url of ['--webhook-url https://qa.example.com', '']) {
      const { out } = await qa.run(`teardown --yes ${url}`.trim());
      expect(out).toContain('Nothing to remove.');
    }

    expect(account.interactionWebhooks.size).toBe(1);
    expect(qa.config().flex.interactionWebhookTtid).toBe(interactionWebhookTtid);
  });
});

describe('provision', () => {
  test("makes a webhook of its own when the file was copied from another stage's", async () => {
    const prod = await provisioned({}, 'prod');
    const { interactionWebhookTtid } = prod.config().flex;
    const qa = stageWith({ interactionWebhookTtid });

    await qa.run('provision --yes --webhook-url https://qa.example.com');

    expect([...account.interactionWebhooks.values()]).toMatchObject([
      {
        friendly_name: 'flex-channel prod',
        webhook_url: 'https://hooks.example.com/prod/channel-update',
      },
      { friendly_name: 'flex-channel qa', webhook_url: 'https://qa.example.com/channel-update' },
    ]);
    expect(qa.config().flex.interactionWebhookTtid).not.toBe(interactionWebhookTtid);
  });

  describe.each([
    ['programmable-chat', 'conversations', 'incomingConversationMessage'],
    ['conversations', 'programmable-chat', 'incomingMessage'],
  ])('that moves a stage with Studio from %s to %s', (from, to, event) => {
    test.each([
      ['as it was made', 'without its SID', false, false],
      ['as it was made', 'with its SID', false, true],
      ['edited', 'without its SID', true, false],
    ])(
      'makes a new flow and leaves the old one, %s, in the file %s',
      async (_a, _b, isEdited, isNamed) => {
        await provisioned({ ...STUDIO, backEnd: from });
        const [old] = flows();
        if (isEdited) editInStudio(old);
        const before = structuredClone(old);
        const routing = { type: 'studio', ...(isNamed && { flowSid: old.sid }) };
        const stage = stageWith({ backEnd: to, routing });

        const { code, out } = await stage.run(`provision --yes ${WEBHOOK}`);

        expect(code).toBe(0);
        expect(out).toMatch(/create +Studio flow/);
        expect(out).toMatch(new RegExp(`unused +Studio flow +${old.sid}`));
        expect(account.studioFlows.get(old.sid)).toEqual(before);
        const made = flows().find((flow) => flow.sid !== old.sid);
        expect(startsBy(made)).toEqual([event]);
        expect(stage.config().flex.routing.flowSid).toBe(made.sid);
        const second = await stage.run(`provision --yes ${WEBHOOK}`);
        expect(second.out).toContain('Nothing to change.');
      },
    );

    test('and back again finds the first flow', async () => {
      await provisioned({ ...STUDIO, backEnd: from });
      const [first] = flows();
      await provisioned({ ...STUDIO, backEnd: to });

      const back = stageWith({ ...STUDIO, backEnd: from });
      await back.run(`provision --yes ${WEBHOOK}`);

      expect(back.config().flex.routing.flowSid).toBe(first.sid);
      expect(flows()).toHaveLength(2);
    });

    test('does not use a flow that the file names and somebody edited', async () => {
      await provisioned({ ...STUDIO, backEnd: from });
      const [old] = flows();
      editInStudio(old);
      const stage = stageWith({ backEnd: to, routing: { type: 'studio', flowSid: old.sid } });

      const { code, out } = await stage.run(`provision --yes ${WEBHOOK}`);

      expect(code).toBe(1);
      expect(out).toMatch(/conflict +Studio flow/);
      expect(out).toMatch(/cure: connect Incoming \w+ of FW\w+ in Studio and publish, or remove/);
      expect(flows()).toEqual([old]);
    });

    test('removes only the old flow as unused', async () => {
      await provisioned({ ...STUDIO, backEnd: from });
      const [old] = flows();
      const stage = await provisioned({ ...STUDIO, backEnd: to });

      const { code } = await stage.run(`teardown --unused --yes ${WEBHOOK}`);

      expect(code).toBe(0);
      expect(flows().map((flow) => flow.sid)).toEqual([stage.config().flex.routing.flowSid]);
      expect(flows()).not.toContain(old);
    });
  });

  test('does not use a flow of somebody else that nothing starts', async () => {
    const own = {
      sid: sid('FW', '7'),
      friendly_name: 'Sales chat',
      status: 'published',
      definition: { states: [] },
    };
    account.studioFlows.set(own.sid, own);

    const { code, out } = await stageWith({ routing: { type: 'studio', flowSid: own.sid } }).run(
      `provision --yes ${WEBHOOK}`,
    );

    expect(code).toBe(1);
    expect(out).toContain('nothing follows its trigger Incoming Conversation');
    expect(flows()).toEqual([own]);
  });

  test('gives the Flex Flow the new Studio flow', async () => {
    await provisioned(STUDIO);
    const [old] = flows();
    const stage = stageWith({ ...LEGACY_STUDIO, routing: { type: 'studio', flowSid: old.sid } });

    await stage.run(`provision --yes ${WEBHOOK}`);

    const { flowSid } = stage.config().flex.routing;
    expect(flowSid).not.toBe(old.sid);
    expect(only(account.flexFlows).integration.flow_sid).toBe(flowSid);
  });

  test('takes no Flex Flow for its own that is for other channels', async () => {
    const other = {
      sid: sid('FO', '8'),
      friendly_name: 'flex-channel qa',
      channel_type: 'web',
      enabled: true,
    };
    account.flexFlows.set(other.sid, other);

    await provisioned(LEGACY_TASK);

    expect(account.flexFlows.get(other.sid)).toEqual(other);
    expect(account.flexFlows.size).toBe(2);
  });
});
