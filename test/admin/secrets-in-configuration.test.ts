import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { aConfig, commandStage, WITH_KEY } from '../support/admin-command.ts';
import {
  AUTH_TOKEN,
  anAccount,
  type Json,
  type ScriptedTwilio,
  startScriptedTwilio,
} from '../support/scripted-twilio.ts';
import { withValueAt } from '../support/with-value-at.ts';

const API_SECRET = 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF';
const FIELDS = [
  ...['twilio.accountSid', 'twilio.chatServiceSid', 'twilio.workspaceSid', 'flex.backEnd'],
  ...['flex.routing.type', 'flex.routing.workflowSid', 'flex.routing.taskChannel'],
  ...['flex.flexFlowSid', 'flex.interactionWebhookTtid', 'flex.names.agent', 'flex.names.bot'],
  ...['customers.allowedOrigins.0', 'operations.webhookUrl', 'operations.logRetentionDays'],
];
const CASES = FIELDS.flatMap((path) => [
  [path, 'an API secret', API_SECRET] as const,
  [path, 'an auth token', AUTH_TOKEN] as const,
]);

const changed = (path: string, value: string): Json => withValueAt(aConfig(), path, value);

let twilio: ScriptedTwilio;
beforeAll(async () => {
  twilio = await startScriptedTwilio(anAccount());
});
afterAll(() => twilio.stop());

describe.each(['doctor', 'doctor --json', 'provision --yes', 'status', 'teardown --yes'])(
  'flex-channel %s',
  (line) => {
    test.each(CASES)('names %s and repeats no secret, given %s', async (path, _, secret) => {
      const stage = commandStage(changed(path, secret), twilio.url);
      const env = { ...WITH_KEY, TWILIO_AUTH_TOKEN: AUTH_TOKEN };

      const { code, out, err } = await stage.run(line, { env });

      expect(code).toBe(1);
      expect(out + err).toContain(path);
      expect(out + err).not.toContain(secret);
    });
  },
);

test('the synthesis repeats no secret either', () => {
  const { file } = commandStage(changed('twilio.accountSid', API_SECRET), twilio.url);

  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/app.ts'], {
    cwd: join(import.meta.dirname, '..', '..'),
    env: {
      ...process.env,
      CDK_OUTDIR: join(file, '..', 'cdk.out'),
      CDK_CONTEXT_JSON: JSON.stringify({ config: file, stage: 'qa' }),
    },
    encoding: 'utf8',
  });

  expect(status).toBe(1);
  expect(stderr).toContain('twilio.accountSid: hidden, for it may be a secret');
  expect(stdout + stderr).not.toContain(API_SECRET);
});
