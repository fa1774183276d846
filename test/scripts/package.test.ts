import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

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

  test('says where the command runs that it does not hold', async () => {
    const ran = run(process.execPath, [installed('admin', 'bin.mjs'), 'doctor']);

    await expect(ran).rejects.toMatchObject({
      stderr: expect.stringContaining('runs in a clone of the repository'),
    });
  });

  test.each([
    ['the launcher, before anyone opens it', /^embed\.js$/, 3],
    ['the opened chat with all that it loads', /^(embed|panel-\w+)\.js$/, 27.25],
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
