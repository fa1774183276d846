import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readAssets } from '#local/assembly/assets';
import { readAssembly } from '#local/assembly/read-assembly';
import { FunctionFailure } from '#local/emulators/aws/aws-service';
import { FunctionFaults } from '#local/emulators/lambda/function-faults';
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
              Timeout: 30,
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

  test('starts no more copies than it may, and lets what comes beyond wait', async () => {
    start('let runs = 0; export const handler = async () => (runs += 1);', {}, { copies: 2 });

    const runs = await Promise.all(Array.from({ length: 6 }, () => runner.invoke(ARN, {})));

    expect(runs.filter((run) => run === 1)).toHaveLength(2);
  });

  test('takes variables of 4 KB', () => {
    const fits = { Environment: { Variables: { LONG: 'x'.repeat(4_085) } } };

    expect(() => start('', fits)).not.toThrow();
  });

  test('fails a run whose answer is larger than 6 MB', async () => {
    start('export const handler = async ({ bytes }) => "x".repeat(bytes - 2);');

    const largest = await runner.invoke(ARN, { bytes: 6_291_556 });
    const larger = runner.invoke(ARN, { bytes: 6_291_557 });

    expect(largest).toHaveLength(6_291_554);
    await expect(larger).rejects.toMatchObject({
      kind: 'error',
      errorType: 'Function.ResponseSizeTooLarge',
    });
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
    expect(context['left']).toBeGreaterThan(0);
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

  test('refuses what would run beyond the reserved concurrency, until a run has ended', async () => {
    start('export const handler = async () => "run";', { ReservedConcurrentExecutions: 1 });

    const outcomes = await Promise.allSettled([1, 2, 3].map(() => runner.invoke(ARN, {})));
    const later = await runner.invoke(ARN, {});

    const refused = { kind: 'throttle', errorType: 'TooManyRequestsException' };
    expect(outcomes).toMatchObject([{ value: 'run' }, { reason: refused }, { reason: refused }]);
    expect(later).toBe('run');
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

  test('lets a function run for as many of its timeouts as it is told to', async () => {
    start(
      'export const handler = () => new Promise((done) => setTimeout(done, 300, "done"));',
      {
        Timeout: 0.2,
      },
      { patience: 100 },
    );

    expect(await runner.invoke(ARN, {})).toBe('done');
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

  test('freezes a function between its calls: what is due goes on with the next call', async () => {
    start(`
      let ranAtMs;
      export const handler = async ({ wait }) => {
        if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
        else setTimeout(() => { ranAtMs = performance.now() + performance.timeOrigin; }, 1);
        return ranAtMs ?? null;
      };`);

    const before = await runner.invoke(ARN, {});
    await new Promise((resolve) => setTimeout(resolve, 50));
    const calledAtMs = performance.now() + performance.timeOrigin;
    const ranAtMs = await runner.invoke(ARN, { wait: 5 });

    expect(before).toBeNull();
    expect(ranAtMs).toBeGreaterThanOrEqual(calledAtMs - 1);
  });

  test('does not let a frozen function hear that a server closes its idle connection', async () => {
    let connections = 0;
    const server = createServer((_request, response) => response.end('{}'));
    server.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    start(`
      import { Agent, get } from 'node:http';
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const call = () => new Promise((resolve, reject) =>
        get('${url}', { agent }, (answer) => answer.resume().on('end', resolve)).on('error', reject));
      let calls = 0;
      export const handler = async () => {
        if (calls++ === 0) await call();
        else return Object.values(agent.freeSockets).flat().length;
      };`);

    await runner.invoke(ARN, {});
    server.closeAllConnections();
    const free = await runner.invoke(ARN, {});
    server.close();

    // The pool of the function still holds the connection that has been closed.
    expect([free, connections]).toEqual([1, 1]);
  });

  test('is frozen only when all that it wrote is out', async () => {
    start('export const handler = async () => { for (const line of "abc") console.log(line); };');

    await runner.invoke(ARN, {});
    await until(() => logs.lines.length === 3);

    expect(logs.lines.map(({ line }) => line)).toEqual(['a', 'b', 'c']);
  });

  test('fails the call that wakes up what ends the process, and starts afresh', async () => {
    start(
      `let calls = 0; export const handler = async (event) => {
        if (event.waits) await new Promise(() => {});
        setTimeout(() => process.exit(1), 1);
        return ++calls;
      };`,
    );

    await runner.invoke(ARN, {});
    const woken = runner.invoke(ARN, { waits: true });

    await expect(woken).rejects.toMatchObject({ kind: 'crash' });
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

  test('fails what waits for a free copy on this machine when it stops', async () => {
    start('export const handler = () => new Promise(() => {});', {}, { copies: 1 });
    const events = [0, 1];

    const invoked = events.map((event) => runner.invoke(ARN, event).catch((error: Error) => error));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await runner.stop();

    const crash = expect.objectContaining({ kind: 'crash' });
    expect(await Promise.all(invoked)).toEqual(events.map(() => crash));
  });

  test.each([
    [{ Layers: ['arn'] }, 'Fn: Layers is not supported'],
    [{ Runtime: 'python3.14' }, 'Fn: runtime python3.14'],
    [{ Handler: 'main.handler' }, 'Fn: no main.mjs in'],
    [{ Code: { ZipFile: '' } }, 'Fn: its code is no asset of the assembly'],
    [
      { Environment: { Variables: { AWS_REGION: 'us-east-1' } } },
      'Fn: the variable AWS_REGION is reserved for Lambda',
    ],
    [{ Environment: { Variables: { '2ND': 'x' } } }, "Fn: 2ND can't be the name of a variable"],
    [
      { Environment: { Variables: { LONG: 'x'.repeat(4_086) } } },
      'Fn: its variables have 4097 bytes: Lambda takes 4096',
    ],
  ])('refuses a function with %j', (properties, message) => {
    const attempt = () => start('', properties);

    expect(attempt).toThrow(message);
  });
});

describe('faults of functions', () => {
  const outcome = () => runner.invoke(ARN, {}).catch((error: unknown) => error);
  const faults = (plan: unknown) => runner.faults.prepare(plan)();

  test('a crash before the handler lets it see nothing, and the next copy starts afresh', async () => {
    start(
      'let calls = 0; export const handler = async () => { console.log("seen"); return ++calls; };',
    );
    await outcome();
    faults({ crash: { function: 'fn', count: 1 } });

    const outcomes = [await outcome(), await outcome()];

    expect(outcomes).toEqual([expect.objectContaining({ kind: 'crash' }), 1]);
    await until(() => logs.lines.filter(({ line }) => line === 'seen').length === 2);
  });

  test('a crash after the handler loses what it returned', async () => {
    start('export const handler = async () => { console.log("done"); };');
    faults({ crash: { when: 'after', count: 2 } });

    const outcomes = [await outcome(), await outcome(), await outcome()];

    const crash = expect.objectContaining({ kind: 'crash' });
    expect(outcomes).toEqual([crash, crash, null]);
  });

  test('a crash after n calls ends the thread when the nth was carried out, by http or by fetch', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(`${request.url}`);
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    start(`
      import { get } from 'node:http';
      const byHttp = (path) => new Promise((resolve) => get('${url}' + path, (answer) => answer.resume().on('end', resolve)));
      export const handler = async () => {
        await byHttp('/1');
        await (await fetch('${url}/2')).text();
        await byHttp('/3');
        return 'finished';
      };`);

    const stories = [];
    for (const afterCalls of [0, 1, 2, 3, 4]) {
      faults({ crash: { afterCalls, count: 1 } });
      stories.push([await outcome(), seen.splice(0).join()]);
    }
    const last = await outcome();
    server.closeAllConnections();
    server.close();

    const crash = expect.objectContaining({ kind: 'crash' });
    expect(stories).toEqual([
      [crash, ''],
      [crash, '/1'],
      [crash, '/1,/2'],
      [crash, '/1,/2,/3'],
      ['finished', '/1,/2,/3'],
    ]);
    expect(last).toBe('finished');
  });

  test('a slow function runs into its time-out', async () => {
    start('export const handler = async () => "in time";', { Timeout: 0.2 });
    faults({ slow: { ms: 1_000, count: 1 } });

    expect(await outcome()).toMatchObject({ kind: 'timeout' });
    expect(await outcome()).toBe('in time');
  });

  test('a throttled function is not invoked, as often as the plan says', async () => {
    start('export const handler = async () => "invoked";');
    faults({ throttle: { count: 2 } });

    const outcomes = [await outcome(), await outcome(), await outcome()];

    const refused = expect.objectContaining({ kind: 'throttle' });
    expect(outcomes).toEqual([refused, refused, 'invoked']);
  });

  test('an account with fewer runs refuses what would be one too many', async () => {
    start('export const handler = async () => "run";');
    faults({ accountConcurrency: 2 });

    const outcomes = await Promise.all([outcome(), outcome(), outcome()]);
    faults({});
    const later = await Promise.all([outcome(), outcome(), outcome()]);

    expect(outcomes).toEqual(['run', 'run', expect.objectContaining({ kind: 'throttle' })]);
    expect(later).toEqual(['run', 'run', 'run']);
  });

  test('end with a plan without them', async () => {
    start('export const handler = async () => "invoked";');
    faults({ throttle: { count: 2 } });

    faults(undefined);

    expect(await outcome()).toBe('invoked');
  });
});

describe('FunctionFaults', () => {
  const functions = () =>
    new FunctionFaults(['Stack-DeliverToFlex1234-ABC', 'Stack-FlexWebhook-D'], 5);

  test('strike only the functions that they name', () => {
    const faults = functions();
    faults.prepare({ throttle: { function: 'deliver-to-flex', count: 5 } })();

    expect(faults.take('Stack-FlexWebhook-D')).toEqual({});
    expect(faults.take('Stack-DeliverToFlex1234-ABC')).toEqual({ isThrottled: true });
  });

  test.each<[plan: unknown, field: string]>([
    ['none', 'lambda'],
    [[], 'lambda'],
    [null, 'lambda'],
    [{ crush: {} }, 'lambda.crush'],
    [{ crash: 1 }, 'lambda.crash'],
    [{ crash: {} }, 'lambda.crash.count'],
    [{ crash: { count: -1 } }, 'lambda.crash.count'],
    [{ crash: { count: 1, when: 'soon' } }, 'lambda.crash.when'],
    [{ crash: { count: 1, afterCalls: 1.5 } }, 'lambda.crash.afterCalls'],
    [{ crash: { count: 1, when: 'after', afterCalls: 1 } }, 'lambda.crash.afterCalls'],
    [{ crash: { count: 1, function: 'other' } }, 'lambda.crash.function'],
    [{ slow: { count: 1 } }, 'lambda.slow.ms'],
    [{ slow: { count: 1, ms: '5' } }, 'lambda.slow.ms'],
    [{ throttle: { count: 1, times: 1 } }, 'lambda.throttle.times'],
    [{ accountConcurrency: 0 }, 'lambda.accountConcurrency'],
    [{ accountConcurrency: 5 }, 'lambda.accountConcurrency'],
  ])('refuse %j, naming the field, and leave the earlier plan', (plan, field) => {
    const faults = functions();
    faults.prepare({ throttle: { count: 1 } })();

    expect(() => faults.prepare(plan)).toThrow(`${field}: `);
    expect(faults.take('Stack-FlexWebhook-D')).toEqual({ isThrottled: true });
  });
});

describe('the stack of a function', () => {
  const DEPTH = `export const handler = async () => {
    const depth = () => { try { return 1 + depth(); } catch { return 1; } };
    return depth();
  };`;

  test("is as large as that of Node's main thread, which Lambda gives", async () => {
    start(DEPTH);
    const script = `${DEPTH} handler().then((depth) => process.stdout.write(String(depth)))`;
    const arguments_ = ['--input-type=module', '--eval', script];

    const onMainThread = Number(execFileSync(process.execPath, arguments_, { encoding: 'utf8' }));
    const inFunction = Number(await runner.invoke(ARN, {}));

    expect(inFunction / onMainThread).toBeGreaterThan(0.9);
    expect(inFunction / onMainThread).toBeLessThan(1.1);
  });
});
