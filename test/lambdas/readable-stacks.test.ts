import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ChannelFunction } from '#lib/constructs/channel-function';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The function as it is deployed: bundled, minified, its map beside it. */
const bundle = bundleOf('flex-webhook');

function bundleOf(entry: string): string {
  const app = new App({ outdir: folder });
  const stack = new Stack(app, 'Bundles');
  const logRetention = RetentionDays.ONE_DAY;
  const settings = { timeout: Duration.seconds(1), logRetention, logsRuns: false };
  new ChannelFunction(stack, 'Bundled', { entry, ...settings });
  const { artifacts = {} } = app.synth().manifest;
  expect(artifacts).toHaveProperty('Bundles');
  const asset = readdirSync(folder).find((name) => name.startsWith('asset.'));
  return join(folder, asset ?? '', 'index.mjs');
}

const SETTINGS = {
  accountSid: `AC${'1'.repeat(32)}`,
  chatServiceSid: `IS${'2'.repeat(32)}`,
  workspaceSid: `WS${'3'.repeat(32)}`,
  backEnd: 'conversations',
};

const environment = (routing: object) => ({
  AWS_REGION: 'us-east-1',
  TABLE_NAME: 't',
  QUEUE_URL: 'https://sqs.example/q',
  SOCKET_CALLBACK_URL: 'https://socket.example/live',
  TWILIO_API_KEY_SECRET_ARN: 'a',
  TWILIO_AUTH_TOKEN_SECRET_ARN: 'b',
  WEBHOOK_URL: 'https://webhooks.example',
  FLEX: JSON.stringify({ ...SETTINGS, routing }),
});

/** What the function writes when the code runs, `load()` being its bundle. */
async function output(code: string, routing: object): Promise<string> {
  const script = `const load = () => import(${JSON.stringify(bundle)}); ${code}`;
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script], {
    env: environment(routing),
  });
  return stdout + stderr;
}

const lineOf = (file: string, text: string): number =>
  readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text)) + 1;

describe('a bundled function', () => {
  test('is the same asset in whatever folder it is synthesized', () => {
    const { sources } = JSON.parse(readFileSync(`${bundle}.map`, 'utf8'));

    expect(sources).toContain('lambdas/flex-webhook.ts');
    expect(sources.filter((source: string) => source.startsWith('..'))).toEqual([]);
  });
});

describe('a stack trace of a bundled function', () => {
  test('names the TypeScript file and line of a failure at its start', async () => {
    const stack = await output('await load().catch(({ stack }) => console.log(stack));', {
      type: 'studio',
    });

    const line = lineOf('lambdas/shared/flex.ts', 'throw new Error(`environment: FLEX lacks');
    expect(stack).toMatch(/^Error: environment: FLEX lacks routing.flowSid\n/);
    expect(stack).toContain(`lambdas/shared/flex.ts:${line}:`);
  });

  test('does so in the log of a bug', async () => {
    const log = await output(
      `const { handler } = await load();
       await handler({ get resource() { throw new TypeError('secret words'); } });`,
      { type: 'task', workflowSid: `WW${'4'.repeat(32)}` },
    );

    const line = lineOf('lambdas/shared/webhook-request.ts', 'v.safeParse(EventSchema, event)');
    expect(log).toContain('"code":"BUG"');
    expect(log).toContain(`lambdas/shared/webhook-request.ts:${line}:`);
    expect(log).toMatch(/node_modules\/valibot\/.*:\d+:\d+/);
    expect(log).not.toContain('secret words');
  });

  test('is read from a map that repeats no source', () => {
    const map = JSON.parse(readFileSync(`${bundle}.map`, 'utf8'));

    expect(map.sources.length).toBeGreaterThan(100);
    expect(map.sourcesContent).toBeUndefined();
  });

  test('stays as it is where the map was left out', async () => {
    rmSync(`${bundle}.map`);

    const stack = await output('await load().catch(({ stack }) => console.log(stack));', {
      type: 'studio',
    });

    expect(stack).toMatch(/index\.mjs:\d+:\d+/);
    expect(stack).not.toContain('flex.ts');
  });
});
