import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readAssets } from '#local/assembly/assets';
import { readAssembly } from '#local/assembly/read-assembly';
import { FunctionFailure } from '#local/emulators/aws/aws-service';
import { FunctionLogs } from '#local/emulators/lambda/function-logs';
import { type RunnerOptions, ThreadFunctionRunner } from '#local/emulators/lambda/function-runner';
import { readFunctions } from '#local/emulators/lambda/function-settings';
import { aCloudAssembly } from '#test/local/support/cloud-assembly';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:fn';

let logs: FunctionLogs;
let runner: ThreadFunctionRunner;

beforeEach(() => {
  logs = new FunctionLogs(mkdtempSync(path.join(tmpdir(), 'logs-')));
});
afterEach(async () => {
  await runner.stop();
  await logs.close();
});

/** Starts a function whose module is this source; its handler is the export `handler`. */
function start(source: string, properties: object = {}, options: Partial<RunnerOptions> = {}) {
  const directory = aCloudAssembly(
    {
      Chat: {
        Resources: {
          Fn: {
            Type: 'AWS::Lambda::Function',
            Properties: {
              FunctionName: 'fn',
              Code: { S3Key: 'code.zip' },
              Handler: 'index.handler',
              Runtime: 'nodejs24.x',
              Environment: { Variables: { COLOUR: 'green' } },
              ...properties,
            },
          },
        },
      },
    },
    { code: { 'index.mjs': source } },
  );
  runner = new ThreadFunctionRunner({
    functions: readFunctions(readAssembly(directory), readAssets(directory)),
    environmentOf: ({ environment }) => environment,
    logs,
    ...options,
  });
}

/** Eventually true, or the test's own timeout. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('ThreadFunctionRunner', () => {
  test('gives the event to the handler and returns what it returns, through JSON', async () => {
    start(
      'export const handler = async (event) => ({ got: event, gone: undefined, at: new Date(0) });',
    );

    const result = await runner.invoke(ARN, { a: [1, undefined] });

    expect(result).toEqual({ got: { a: [1, null] }, at: '1970-01-01T00:00:00.000Z' });
  });

  test('takes the bare name too, and returns null for nothing', async () => {
    start('export const handler = async () => {};');

    expect(await runner.invoke('fn', {})).toBeNull();
  });

  test('gives the function its own environment and nothing of the parent', async () => {
    process.env['PARENT_SECRET'] = 'x';
    start('export const handler = async () => ({ ...process.env });');

    const environment = await runner.invoke(ARN, {});

    expect(environment).toEqual({ COLOUR: 'green' });
  });

  test('tells the handler who it is and how long it has', async () => {
    start(
      'export const handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() });',
      { Timeout: 7 },
    );

    const context = (await runner.invoke(ARN, {})) as Record<string, unknown>;

    expect(context).toMatchObject({
      functionName: 'fn',
      invokedFunctionArn: ARN,
      memoryLimitInMB: '128',
    });
    expect(context['awsRequestId']).toMatch(/^[0-9a-f-]{36}$/);
    expect(context['left']).toBeGreaterThan(6_000);
    expect(context['left']).toBeLessThanOrEqual(7_000);
  });

  test('keeps a warm copy: module state lives on', async () => {
    start('let calls = 0; export const handler = async () => ++calls;');

    const results = [await runner.invoke(ARN, {}), await runner.invoke(ARN, {})];

    expect(results).toEqual([1, 2]);
  });

  test('runs concurrent invocations in copies of their own', async () => {
    start(
      'let calls = 0; export const handler = async () => { calls++; await new Promise(r => setTimeout(r, 100)); return calls; };',
    );

    const results = await Promise.all([runner.invoke(ARN, {}), runner.invoke(ARN, {})]);

    expect(results).toEqual([1, 1]);
  });

  test('lets invocations wait beyond the reserved concurrency', async () => {
    start('let calls = 0; export const handler = async () => ++calls;', {
      ReservedConcurrentExecutions: 1,
    });

    const results = await Promise.all([1, 2, 3].map(() => runner.invoke(ARN, {})));

    expect(results).toEqual([1, 2, 3]);
  });

  test('reports what the handler throws, logs it, and stays warm', async () => {
    start(
      'let calls = 0; export const handler = async () => { if (++calls === 1) throw new TypeError("no"); return calls; };',
    );

    const failure = await runner.invoke(ARN, {}).catch((error: unknown) => error);
    const next = await runner.invoke(ARN, {});

    expect(failure).toBeInstanceOf(FunctionFailure);
    expect(failure).toMatchObject({ kind: 'error', errorType: 'TypeError', message: 'no' });
    expect(next).toBe(2);
    expect(logs.lines.some(({ line }) => line.includes('"errorType":"TypeError"'))).toBe(true);
  });

  test('ends a function at its timeout, even in an infinite loop, and starts afresh', async () => {
    start(
      'let calls = 0; export const handler = async (event) => { calls++; while (event.hang); return calls; };',
      { Timeout: 0.2 },
    );

    const failure = await runner.invoke(ARN, { hang: true }).catch((error: unknown) => error);
    const next = await runner.invoke(ARN, {});

    expect(failure).toMatchObject({
      kind: 'timeout',
      message: 'Task timed out after 0.20 seconds',
    });
    expect(next).toBe(1);
  });

  test.each([
    ['process.exit', 'process.exit(3)', 'Runtime.ExitError'],
    [
      'an uncaught exception',
      'setImmediate(() => { throw new RangeError("far"); }); return new Promise(() => {})',
      'RangeError',
    ],
    [
      'an unhandled rejection',
      'Promise.reject(new SyntaxError("odd")); return new Promise(() => {})',
      'SyntaxError',
    ],
  ])('reports %s as a crash and starts afresh', async (_, code, errorType) => {
    start(
      `let calls = 0; export const handler = async (event) => { calls++; if (event.crash) { ${code}; } return calls; };`,
    );

    const failure = await runner.invoke(ARN, { crash: true }).catch((error: unknown) => error);
    const next = await runner.invoke(ARN, {});

    expect(failure).toMatchObject({ kind: 'crash', errorType });
    expect(next).toBe(1);
  });

  test('does not use a copy again that died while it was idle', async () => {
    start(
      'let calls = 0; export const handler = async () => { setTimeout(() => process.exit(1), 1); return ++calls; };',
    );

    await runner.invoke(ARN, {});
    await until(() => logs.lines.some(({ line }) => line.includes('Runtime exited with 1')));

    expect(await runner.invoke(ARN, {})).toBe(1);
  });

  test('reports a module that fails to load, each time anew', async () => {
    start('throw new EvalError("missing TABLE_NAME");');

    const failures = [
      await runner.invoke(ARN, {}).catch((error: unknown) => error),
      await runner.invoke(ARN, {}).catch((error: unknown) => error),
    ];

    const failure = { kind: 'error', errorType: 'EvalError', message: 'missing TABLE_NAME' };
    expect(failures).toEqual([expect.objectContaining(failure), expect.objectContaining(failure)]);
    expect(logs.lines.filter(({ line }) => line.includes('"errorType":"EvalError"'))).toHaveLength(
      2,
    );
  });

  test('refuses a function that does not exist', async () => {
    start('');

    await expect(runner.invoke(`${ARN}2`, {})).rejects.toMatchObject({
      errorType: 'ResourceNotFoundException',
    });
  });

  test('lets beforeInvoke see and fail an invocation', async () => {
    const beforeInvoke = (name: string, event: unknown) => {
      if (event === 'doomed') throw new FunctionFailure('crash', 'Fault', name);
    };
    start('export const handler = async (event) => event;', {}, { beforeInvoke });

    const fine = await runner.invoke(ARN, 'fine');
    const doomed = runner.invoke(ARN, 'doomed');

    await expect(doomed).rejects.toMatchObject({ kind: 'crash', message: 'fn' });
    expect(fine).toBe('fine');
  });

  test('keeps what a function writes, in memory and in its file', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'logs-'));
    logs = new FunctionLogs(directory);
    start(
      'export const handler = async () => { console.log("one\\ntwo"); console.error("three"); };',
    );

    await runner.invoke(ARN, {});
    await until(() => logs.lines.length === 3);
    await logs.close();

    expect(logs.lines.map(({ line }) => line).sort()).toEqual(['one', 'three', 'two']);
    expect(readFileSync(path.join(directory, 'fn.log'), 'utf8').split('\n').sort()).toEqual([
      '',
      'one',
      'three',
      'two',
    ]);
  });

  test('fails what still runs when it stops', async () => {
    start('export const handler = () => new Promise(() => {});');

    const running = runner.invoke(ARN, {}).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await runner.stop();

    expect(await running).toMatchObject({ kind: 'crash' });
    await expect(runner.invoke(ARN, {})).rejects.toMatchObject({ kind: 'crash' });
  });

  test.each([
    [{ Layers: ['arn'] }, 'Fn: Layers is not supported'],
    [{ Runtime: 'python3.14' }, 'Fn: runtime python3.14'],
    [{ Handler: 'main.handler' }, 'Fn: no main.mjs in'],
    [{ Code: { ZipFile: '' } }, 'Fn: its code is no asset of the assembly'],
  ])('refuses a function with %j', (properties, message) => {
    const attempt = () => start('', properties);

    expect(attempt).toThrow(message);
  });
});
