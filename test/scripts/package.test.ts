import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { TwilioAccount } from '#local/emulators/twilio/options';
import { startTwilio, type TwilioSimulator } from '#local/emulators/twilio/start';
import { aConfig, WITH_KEY } from '#test/support/admin-command';
import { launchBrowser, type TestBrowser } from '#test/support/browser';
import { type HttpStub, startHttpStub } from '#test/support/http-stub';
import { startScriptedChat } from '#test/support/scripted-chat';
import {
  ACCOUNT_SID,
  API_KEY,
  AUTH_TOKEN,
  CHAT_SERVICE_SID,
  INSTANCE_SID,
  WORKFLOW_SID,
  WORKSPACE_SID,
} from '#test/support/scripted-twilio';
import { serveFolder } from '#test/support/static-site';

const run = promisify(execFile);
const PROJECT = path.join(__dirname, '..', '..');
const KIB = 1024;

/** An empty project of somebody who has installed what `npm pack` made. */
let project: string;

beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), 'flex-channel-user-'));
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', project], {
    cwd: PROJECT,
  });
  const tarball = stdout.trim().split('\n').at(-1) ?? '';
  await writeFile(path.join(project, 'package.json'), '{ "private": true, "type": "module" }');
  await run('npm', ['install', '--offline', '--ignore-scripts', `./${tarball}`], { cwd: project });
});

afterAll(() => rm(project, { recursive: true, force: true }));

const installed = (...names: string[]) =>
  path.join(project, 'node_modules', 'flex-channel', ...names);

async function compile(
  source: string,
  options: Readonly<Record<string, unknown>>,
): Promise<string> {
  await mkdir(path.join(project, 'src'), { recursive: true });
  await writeFile(path.join(project, 'src', 'main.ts'), source);
  const compilerOptions = { strict: true, noEmit: true, types: [], ...options };
  await writeFile(
    path.join(project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, include: ['src'] }),
  );
  const tsc = path.join(PROJECT, 'node_modules', 'typescript', 'bin', 'tsc');
  const result = await run(process.execPath, [tsc, '-p', project]).catch((error) => error);
  return result.stdout;
}

const PAGE = `
  import { type ChatClientState, ChatClientError, createChatClient } from 'flex-channel/client';
  import { FlexChatElement, type FlexChatConfig } from 'flex-channel/widget';
  const chat = createChatClient({ url: 'wss://chat.example/live', profile: { name: 'Ada' } });
  const ends: () => void = chat.on('change', (state: ChatClientState) => {
    const bodies: string[] = state.timeline.flatMap((item) =>
      item.kind === 'message' ? [item.message.body] : [],
    );
    console.log(bodies);
  });
  const config: FlexChatConfig = { url: 'wss://chat.example/live', theme: 'dark' };
  const element = document.createElement('flex-chat') as FlexChatElement;
  element.config = config;
  element.on('rated', ({ score }) => console.log(score.toFixed()));
  console.log(ends, new ChatClientError('empty').code);
`;

describe('the package', () => {
  test('brings nothing but what a page uses, and no other package', async () => {
    const files = await readdir(installed(), { recursive: true });
    const { dependencies = {} } = JSON.parse(await readFile(installed('package.json'), 'utf8'));

    expect(files.filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))).toEqual([]);
    expect(dependencies).toEqual({});
    expect(await readdir(path.join(project, 'node_modules'))).toEqual(
      expect.not.arrayContaining(['valibot', 'aws-cdk-lib', 'twilio']),
    );
  });

  test('has no import left that only this repository can resolve', async () => {
    const files = await readdir(installed('dist'), { recursive: true });
    const texts = await Promise.all(
      files
        .filter((name) => /\.(js|d\.ts)$/.test(name))
        .map(async (name) => [name, await readFile(installed('dist', name), 'utf8')] as const),
    );

    const foreign = texts.filter(([, text]) =>
      /(from|import\()\s*["'](#|[a-z@]|\.[^"']+\.tsx?["'])/.test(text),
    );

    expect(foreign.map(([name]) => name)).toEqual([]);
  });

  test.each([
    [
      'a bundler',
      { module: 'esnext', moduleResolution: 'bundler', target: 'es2022', lib: ['es2022', 'dom'] },
    ],
    ['Node', { module: 'nodenext', target: 'es2022', lib: ['es2022', 'dom'] }],
  ])('is typed for %s', async (_, options) => {
    expect(await compile(PAGE, options)).toBe('');
    expect(await compile(PAGE.replace("theme: 'dark'", "theme: 'blue'"), options)).toContain(
      'blue',
    );
  });

  test('is bundled for a page', async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `import 'flex-channel/widget'; ${PAGE}`,
        loader: 'ts',
        resolveDir: project,
      },
      bundle: true,
      format: 'esm',
      splitting: true,
      outdir: project,
      write: false,
    });

    expect(outputFiles.length).toBeGreaterThan(1);
  });

  test('is a client for Node, and can be imported where pages are only written', async () => {
    const script = `
      import { createChatClient } from 'flex-channel/client';
      import 'flex-channel/widget';
      try { createChatClient({ url: 'nonsense' }); } catch (error) { console.log(error.code); }`;

    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: project,
    });

    expect(stdout.trim()).toBe('bad_argument');
  });

  test.each([
    ['the command, compressed', /^command\.mjs$/, 450],
    ['the launcher, before anyone opens it', /^embed\.js$/, 3],
    ['the opened chat with all that it loads', /^(embed|panel-\w+)\.js$/, 30.25],
  ])('%s stays light', async (_, names, maxKib) => {
    const files = (await readdir(installed('dist'))).filter((name) => names.test(name));
    const sizes = await Promise.all(
      files.map(
        async (name) => gzipSync(await readFile(installed('dist', name)), { level: 9 }).length,
      ),
    );

    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThanOrEqual(maxKib * KIB);
  });
});

describe('the command in the package', () => {
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
  let twilio: TwilioSimulator;
  let stack: HttpStub;

  beforeAll(async () => {
    twilio = await startTwilio({ account: ACCOUNT, taskDelayMs: 1 });
    // What a deployed stack answers a call without a signature.
    stack = await startHttpStub(() => ({ status: 403 }));
  });

  afterAll(async () => {
    await twilio?.close();
    await stack?.stop();
  });

  /** As npx runs it, from an empty project that has a configuration. */
  async function command(line: string): Promise<{ code: number; said: string }> {
    const bin = path.join(project, 'node_modules', '.bin', 'flex-channel');
    const options = { cwd: project, env: { PATH: process.env['PATH'], ...WITH_KEY } };
    const {
      code = 0,
      stdout,
      stderr,
    } = await run(bin, line.split(' '), options).catch((error) => error);
    return { code, said: `${stdout}${stderr}` };
  }

  async function configure(flex: object): Promise<void> {
    await mkdir(path.join(project, 'config'), { recursive: true });
    await writeFile(path.join(project, 'config', 'qa.json'), JSON.stringify(aConfig({ ...flex })));
  }

  test('tells its commands and its version', async () => {
    const { version } = JSON.parse(await readFile(installed('package.json'), 'utf8'));

    expect((await command('--help')).said).toMatch(/provision.*doctor.*status.*redrive/s);
    expect(await command('--version')).toEqual({ code: 0, said: `${version}\n` });
  });

  test('names the configuration that there is not', async () => {
    expect(await command('doctor --stage nowhere')).toMatchObject({
      code: 1,
      said: expect.stringContaining('config/nowhere.json does not exist'),
    });
  });

  test.each([
    ['conversations', { type: 'task', workflowSid: WORKFLOW_SID }],
    ['programmable-chat', { type: 'studio' }],
  ])('sets up an account of Twilio, and finds it well: %s, %j', async (backEnd, routing) => {
    await configure({ backEnd, routing });
    const options = `--stage qa --twilio-url ${twilio.url} --webhook-url ${stack.url}`;
    const writes = () => twilio.requests().filter(({ method }) => method !== 'GET').length;

    const before = writes();
    expect(await command(`provision --dry-run ${options}`)).toMatchObject({
      code: 0,
      said: expect.stringContaining('Plan for stage qa'),
    });
    expect(writes()).toBe(before);
    expect(await command(`provision --yes ${options}`)).toMatchObject({
      code: 0,
      said: expect.stringContaining('Done.'),
    });
    expect((await command(`doctor ${options}`)).said).toContain('No problem found.');
    expect((await command(`teardown --yes ${options}`)).code).toBe(0);
  });
});

describe('the examples', () => {
  let browser: TestBrowser;

  beforeAll(async () => {
    browser = await launchBrowser();
    // What their package.json files ask for, at the versions of this repository.
    await mkdir(path.join(project, 'node_modules', '@types'), { recursive: true });
    for (const name of ['esbuild', 'react', 'react-dom', 'vue', '@types/react']) {
      const target = path.join(project, 'node_modules', name);
      await symlink(path.join(PROJECT, 'node_modules', name), target);
    }
  });

  afterAll(() => browser?.close());

  async function copyOf(name: string, chatUrl: string): Promise<string> {
    const folder = await mkdtemp(path.join(project, `${name}-`));
    await cp(path.join(PROJECT, 'examples', name), folder, { recursive: true });
    for (const file of await readdir(folder)) {
      const text = await readFile(path.join(folder, file), 'utf8');
      await writeFile(path.join(folder, file), text.replace('wss://YOUR-CHAT/live', chatUrl));
    }
    return folder;
  }

  test.each(['plain', 'react', 'vue'])('%s: builds, and holds a conversation', async (name) => {
    const chat = await startScriptedChat();
    const folder = await copyOf(name, chat.customerSocketUrl);
    await run(process.execPath, ['build.mjs'], { cwd: folder });
    const site = await serveFolder(path.join(folder, 'site'));
    try {
      const { page, problems } = await browser.open(site.url);
      const panel = page.getByRole('dialog');
      await page.getByRole('button', { name: 'Ask us about this page' }).click();
      if (name === 'plain') {
        await panel.getByLabel('Your name').fill('Ada');
        await panel.getByLabel('Your name').press('Enter');
      }
      await panel.getByLabel('Message', { exact: true }).fill('Hello');
      await panel.getByLabel('Message', { exact: true }).press('Enter');
      await panel.locator('.bubble').filter({ hasText: 'Hello' }).waitFor();
      await panel.press('Escape');
      await panel.waitFor({ state: 'hidden' });
      chat.say('Good morning');
      await page.locator('output').filter({ hasText: '1' }).waitFor();

      expect(problems).toEqual([]);
    } finally {
      await site.close();
      await chat.close();
    }
  });

  test('react: is typed', async () => {
    const folder = await copyOf('react', 'wss://chat.example/live');
    const tsc = path.join(PROJECT, 'node_modules', 'typescript', 'bin', 'tsc');
    // A configuration that does not fit has to be refused: otherwise the comment is an error.
    await writeFile(
      path.join(folder, 'wrong.tsx'),
      `import { Chat } from './chat.tsx';
      // @ts-expect-error
      export const wrong = <Chat config={{ uri: 'wss://chat.example/live' }} />;`,
    );

    const { stdout } = await run(process.execPath, [tsc, '-p', folder]).catch((error) => error);

    expect(stdout).toBe('');
  });

  test('ask for the versions that are tested', async () => {
    const own = JSON.parse(await readFile(path.join(PROJECT, 'package.json'), 'utf8'));
    const known = {
      ...own.devDependencies,
      'flex-channel': `file:../../flex-channel-${own.version}.tgz`,
    };

    for (const name of ['plain', 'react', 'vue']) {
      const file = path.join(PROJECT, 'examples', name, 'package.json');
      const { dependencies, devDependencies } = JSON.parse(await readFile(file, 'utf8'));
      expect(known).toMatchObject({ ...dependencies, ...devDependencies });
    }
  });
});
