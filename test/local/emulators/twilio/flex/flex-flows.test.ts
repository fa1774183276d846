import {
  createFlow,
  FLEX,
  flexFlow,
  TASK_INTEGRATION,
} from '../support/programmable-chat-stage.ts';
import { ACCOUNT, type Form, type Stage, setStage } from '../support/stage.ts';

const FLOWS = `${FLEX}/FlexFlows`;
const UNKNOWN = '9'.repeat(32);
const STUDIO: Form = [
  ['IntegrationType', 'studio'],
  ['Integration.FlowSid', ACCOUNT.studioFlows[0]?.sid ?? ''],
];

let stage: Stage;

describe('Flex Flows', () => {
  beforeEach(async () => {
    stage = await setStage();
  });
  afterEach(async () => stage.close());

  test('are created with their integration', async () => {
    const { status, body } = await stage.rest('POST', FLOWS, flexFlow(TASK_INTEGRATION));

    expect(status).toBe(201);
    expect(body).toMatchObject({
      sid: expect.stringMatching(/^FO[0-9a-f]{32}$/),
      friendly_name: 'Custom chat',
      chat_service_sid: ACCOUNT.chatServiceSid,
      channel_type: 'custom',
      enabled: true,
      integration_type: 'task',
      integration: {
        workspace_sid: ACCOUNT.workspaceSid,
        workflow_sid: ACCOUNT.workflows[0]?.sid,
      },
      long_lived: false,
      janitor_enabled: false,
    });
  });

  test('are found by name, changed in part, and deleted', async () => {
    const flow = await createFlow(stage, STUDIO);

    const named = await stage.rest('GET', `${FLOWS}?FriendlyName=Custom+chat`);
    const others = await stage.rest('GET', `${FLOWS}?FriendlyName=Other`);
    const changed = await stage.rest('POST', `${FLOWS}/${flow}`, [['LongLived', 'true']]);
    const deleted = await stage.rest('DELETE', `${FLOWS}/${flow}`);

    expect(named.body.flex_flows).toMatchObject([{ sid: flow }]);
    expect(others.body.flex_flows).toEqual([]);
    expect(changed.body).toMatchObject({
      long_lived: true,
      integration_type: 'studio',
      integration: { flow_sid: ACCOUNT.studioFlows[0]?.sid },
    });
    expect(deleted.status).toBe(204);
    expect((await stage.rest('GET', `${FLOWS}/${flow}`)).status).toBe(404);
  });

  test('are not enabled unless that is said', async () => {
    const form = flexFlow(STUDIO).filter(([name]) => name !== 'Enabled');

    const { body } = await stage.rest('POST', FLOWS, form);

    expect(body.enabled).toBe(false);
  });

  test('may be many for one type of channel, but only one enabled', async () => {
    const first = await createFlow(stage, STUDIO);
    const disabled: Form = flexFlow(STUDIO).map(([name, value]) =>
      name === 'Enabled' ? [name, 'false'] : [name, value],
    );

    const second = await stage.rest('POST', FLOWS, flexFlow(STUDIO));
    const third = await stage.rest('POST', FLOWS, disabled);
    const enabledLater = await stage.rest('POST', `${FLOWS}/${third.body.sid}`, [
      ['Enabled', 'true'],
    ]);
    const kept = await stage.rest('POST', `${FLOWS}/${first}`, [['FriendlyName', 'Renamed']]);

    const refusal = { status: 400, body: { code: 45210 } };
    expect(second).toMatchObject(refusal);
    expect(third.status).toBe(201);
    expect(enabledLater).toMatchObject(refusal);
    expect(kept).toMatchObject({ status: 200, body: { friendly_name: 'Renamed' } });
  });

  test.each<[string, Form]>([
    ['studio without a flow', [['IntegrationType', 'studio']]],
    [
      'a flow that is none',
      [
        ['IntegrationType', 'studio'],
        ['Integration.FlowSid', `FW${UNKNOWN}`],
      ],
    ],
    ['external without a URL', [['IntegrationType', 'external']]],
    ['task without a workflow', TASK_INTEGRATION.slice(0, 2)],
    [
      'a workflow of another workspace',
      [...TASK_INTEGRATION.slice(0, 2), ['Integration.WorkflowSid', `WW${UNKNOWN}`]],
    ],
    ['a task channel that is none', [...TASK_INTEGRATION, ['Integration.Channel', 'pigeon']]],
    ['an unknown integration', [['IntegrationType', 'bot']]],
    ['four retries', [...STUDIO, ['Integration.RetryCount', '4']]],
  ])('are refused for %s', async (_, integration) => {
    const { status } = await stage.rest('POST', FLOWS, flexFlow(integration));

    expect(status).toBe(400);
  });

  test('are refused for a chat service of another account', async () => {
    const form: Form = flexFlow(STUDIO).map(([name, value]) =>
      name === 'ChatServiceSid' ? [name, `IS${UNKNOWN}`] : [name, value],
    );

    expect((await stage.rest('POST', FLOWS, form)).status).toBe(400);
  });

  test('come with the account where it has some', async () => {
    await stage.close();
    const sid = `FO${'7'.repeat(32)}`;
    const seed = {
      sid,
      integrationType: 'external',
      integration: { url: 'http://a.test/' },
    } as const;
    stage = await setStage({ account: { ...ACCOUNT, flexFlows: [seed] } });

    const { body } = await stage.rest('GET', `${FLOWS}/${sid}`);

    expect(body).toMatchObject({ sid, enabled: true, integration: { url: 'http://a.test/' } });
  });
});
