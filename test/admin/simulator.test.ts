/** The commands against the simulated Twilio, which refuses every parameter that Twilio does not know. */
import twilio from 'twilio';
import type { TwilioAccount } from '#local/emulators/twilio/options';
import { startTwilio, type TwilioSimulator } from '#local/emulators/twilio/start';
import { createTwilio } from '../../admin/twilio/client.ts';
import { aConfig, type CommandStage, commandStage, WITH_KEY } from '../support/admin-command.ts';
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
  apiKeys: [{ ...API_KEY, type: 'main' }],
  chatServiceSid: CHAT_SERVICE_SID,
  workspaceSid: WORKSPACE_SID,
  workflows: [{ sid: WORKFLOW_SID }],
  studioFlows: [],
  flexInstanceSid: INSTANCE_SID,
};

let simulator: TwilioSimulator;
let stack: HttpStub;
beforeEach(async () => {
  simulator = await startTwilio({ account: ACCOUNT, taskDelayMs: 1 });
  stack = await startHttpStub(({ path, headers, body }) => {
    const signature = String(headers['x-twilio-signature']);
    const url = `${stack.url}${path}`;
    const form = Object.fromEntries(new URLSearchParams(body));
    const isRight = path.includes('bodySHA256=')
      ? twilio.validateRequestWithBody(AUTH_TOKEN, signature, url, body)
      : twilio.validateRequest(AUTH_TOKEN, signature, url, form);
    return { status: isRight ? 200 : 403 };
  });
});
afterEach(async () => {
  await simulator.close();
  await stack.stop();
});

const stageWith = (flex: object): CommandStage => commandStage(aConfig(flex), simulator.url);
const provision = (stage: CommandStage) => stage.run(`provision --yes --webhook-url ${stack.url}`);
const writes = () => simulator.requests().filter(({ method }) => method !== 'GET');

const TASK = { type: 'task', workflowSid: WORKFLOW_SID };
const STUDIO = { type: 'studio' };
const EXTERNAL = { type: 'external', url: 'https://tasks.example.com/new' };

describe('flex-channel on the simulated Twilio', () => {
  test.each([
    ['conversations', TASK],
    ['conversations', STUDIO],
    ['conversations', EXTERNAL],
    ['programmable-chat', TASK],
    ['programmable-chat', STUDIO],
    ['programmable-chat', EXTERNAL],
  ])('provisions once, finds it well and removes it: %s, %j', async (backEnd, routing) => {
    const stage = stageWith({ backEnd, routing });

    const first = await provision(stage);
    const written = writes().length;
    const second = await provision(stage);
    const doctor = await stage.run(`doctor --webhook-url ${stack.url}`, {
      env: { ...WITH_KEY, TWILIO_AUTH_TOKEN: AUTH_TOKEN },
    });

    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('Done.') });
    expect(second).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to change.') });
    expect(writes()).toHaveLength(written);
    expect(doctor.out).toContain('No problem found.');
    expect(doctor.out).not.toMatch(/^ +(found|not checked) /m);

    await stage.run(`teardown --yes --webhook-url ${stack.url}`);
    const { out } = await stage.run(`status --webhook-url ${stack.url}`);

    expect(out).not.toMatch(/^ +(ready|conflict|unused) /m);
    expect(stage.config()).toEqual(aConfig({ backEnd, routing }));
  });

  test('makes a Studio flow that greets a customer and hands the chat to an agent', async () => {
    const stage = stageWith({ routing: STUDIO });
    await provision(stage);
    const credentials = { apiKey: API_KEY.sid, apiSecret: API_KEY.secret };
    const connection = { credentials, accountSid: ACCOUNT_SID, twilioUrl: simulator.url };
    const client = createTwilio(connection);
    const { conversations } = client.conversations.v1;
    const name = 'Ada "the first" Lovelace';
    const attributes = JSON.stringify({
      from: name,
      pre_engagement_data: { topic: 'sales', note: 'x'.repeat(4_000) },
      task: { subject: 'sales', cut: true, pre_engagement_data: { topic: 'sales' } },
    });
    const { sid } = await conversations.create({ attributes });
    await conversations(sid).participants.create({ identity: 'customer-1' });
    await conversations(sid).webhooks.create({
      target: 'studio',
      'configuration.flowSid': stage.config().flex.routing.flowSid,
      'configuration.filters': ['onMessageAdded'],
    });

    await conversations(sid).messages.create({
      author: 'customer-1',
      body: 'Hello',
      xTwilioWebhookEnabled: 'true',
    });
    await simulator.settled();

    const [task] = await client.taskrouter.v1.workspaces(WORKSPACE_SID).tasks.list();
    expect(JSON.parse(task?.attributes ?? '{}')).toMatchObject({
      name,
      customerName: name,
      channelType: 'web',
      channelSid: sid,
      subject: 'sales',
      cut: true,
      pre_engagement_data: { topic: 'sales' },
    });
    const bodies = (await conversations(sid).messages.list()).map(({ body }) => body);
    expect(bodies).toEqual(['Hello', expect.stringContaining('An agent will be with you')]);
  });
});
