import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalRun, readLocalConfig, writeLocalConfig } from '#local/stack/local-config';
import { makeUpTwilioAccount } from '#local/stack/twilio-account';

const CONFIG = {
  twilio: { accountSid: 'AC1', chatServiceSid: 'IS1', workspaceSid: 'WS1' },
  flex: { backEnd: 'conversations', routing: { type: 'task', workflowSid: 'WW1' } },
  customers: { allowedOrigins: ['https://shop.example', 'http://127.0.0.1:4000'] },
};

const RUN: LocalRun = { pagePort: 4000, externalUrl: 'http://127.0.0.1:5000/new-chat' };

function derive(content: string, run: Partial<LocalRun> = {}) {
  const directory = mkdtempSync(path.join(tmpdir(), 'config-'));
  const source = path.join(directory, 'source.json');
  const target = path.join(directory, 'target.json');
  writeFileSync(source, content);
  writeLocalConfig(readLocalConfig(source), target, { ...RUN, ...run });
  return { written: JSON.parse(readFileSync(target, 'utf8')) };
}

describe('writeLocalConfig', () => {
  test("allows the page's origin, once, and keeps everything else", () => {
    const { written } = derive(JSON.stringify(CONFIG));

    expect(written).toEqual({
      ...CONFIG,
      customers: {
        allowedOrigins: ['http://127.0.0.1:4000', 'http://localhost:4000', 'https://shop.example'],
      },
    });
  });

  test('leaves the hosting of the widget to the page server', () => {
    const { written } = derive(JSON.stringify({ ...CONFIG, widget: { hosting: true } }));

    expect(written.widget).toEqual({ hosting: false });
  });

  test.each([
    [{ backEnd: 'programmable-chat' }, { backEnd: 'programmable-chat' }],
    [{ routing: 'task' }, {}],
    [{ routing: 'studio' }, { routing: { type: 'studio', workflowSid: 'WW1' } }],
    [{ routing: 'external' }, { routing: { type: 'external', url: RUN.externalUrl } }],
  ] as const)('uses Flex as chosen by %j', (choice, changes) => {
    const { written } = derive(JSON.stringify(CONFIG), choice);

    expect(written.flex).toEqual({ ...CONFIG.flex, ...changes });
  });

  test.each([
    ['{', /^Cannot read .*source\.json: /],
    ['null', /source\.json has no section twilio\.$/],
    ['{"twilio":{},"flex":{}}', /source\.json has no section customers\.$/],
    [
      '{"twilio":{},"flex":{},"customers":{"allowedOrigins":[]}}',
      /source\.json has no flex\.routing\.$/,
    ],
    [
      '{"twilio":{},"flex":{"routing":{}},"customers":{}}',
      /customers\.allowedOrigins must be a list\.$/,
    ],
  ])('refuses %s', (content, message) => {
    const attempt = () => derive(content);

    expect(attempt).toThrow(
      expect.objectContaining({ name: 'StartError', message: expect.stringMatching(message) }),
    );
  });

  test('refuses a file that is not there', () => {
    const attempt = () => readLocalConfig('/nowhere/local.json');

    expect(attempt).toThrow(/^Cannot read \/nowhere\/local\.json: /);
  });
});

describe('makeUpTwilioAccount', () => {
  test('has what the configuration names', () => {
    const account = makeUpTwilioAccount(CONFIG);

    expect(account).toMatchObject({
      ...CONFIG.twilio,
      workflows: [{ sid: 'WW1' }],
      studioFlows: [],
      apiKeys: [{ sid: expect.stringMatching(/^SK[0-9a-f]{32}$/) }],
    });
  });

  test('has a workflow for a Studio flow to send to', () => {
    const account = makeUpTwilioAccount({
      ...CONFIG,
      flex: { routing: { type: 'studio', flowSid: 'FW1' } },
    });

    expect(account.studioFlows).toEqual([{ sid: 'FW1' }]);
    expect(account.workflows).toEqual([{ sid: expect.stringMatching(/^WW[0-9a-f]{32}$/) }]);
  });

  test.each([
    [
      { type: 'task', workflowSid: 'WW1', taskChannel: 'chat' },
      { workflowSid: 'WW1', channel: 'chat' },
    ],
    [{ type: 'studio', flowSid: 'FW1' }, { flowSid: 'FW1' }],
    [{ type: 'external', url: 'http://127.0.0.1:1/' }, { url: 'http://127.0.0.1:1/' }],
  ])('has the Flex Flow that is configured, with routing %j', (routing, integration) => {
    const account = makeUpTwilioAccount({ ...CONFIG, flex: { flexFlowSid: 'FO1', routing } });

    expect(account.flexFlows).toEqual([{ sid: 'FO1', integrationType: routing.type, integration }]);
  });

  test('makes up other credentials each time', () => {
    const [first, second] = [makeUpTwilioAccount(CONFIG), makeUpTwilioAccount(CONFIG)];

    expect(first.authToken).not.toBe(second.authToken);
    expect(first.apiKeys[0]?.secret).not.toBe(second.apiKeys[0]?.secret);
  });
});
