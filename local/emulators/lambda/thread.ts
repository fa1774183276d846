/** Runs in a worker thread: loads one function and answers invocations one after the other. */

import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { endAfterCalls } from './end-after-calls.ts';
import type { HandlerLocation, Invocation, ThreadData, ThreadMessage } from './messages.ts';

type Handler = (event: unknown, context: object) => Promise<unknown>;

// Node has read it; the function is not told.
delete process.env['NODE_COMPILE_CACHE'];

const { handler: location, sent } = workerData as ThreadData;

function send(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

/** On AWS a line is out when it is written; here the other thread has to take each. */
async function written(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writableLength > 0) await new Promise((resolve) => stream.write('', resolve));
  }
}

/**
 * Stands still until there is another invocation: no timer runs, and no connection learns that it
 * was closed. The handler then runs before anything that has become due: on AWS the order is open,
 * and this is the worse one, in which a pool of connections still holds the dead ones.
 * Source: Lambda developer guide, "Lambda execution environment lifecycle".
 */
function freezeAfter(invocations: number): void {
  Atomics.wait(sent, 0, invocations);
}

async function loadHandler({ file, name }: HandlerLocation): Promise<Handler> {
  const bundle = await import(pathToFileURL(file).href);
  const handler: unknown = bundle[name];
  if (typeof handler !== 'function') throw new TypeError(`${file} has no handler ${name}`);
  return handler as Handler;
}

async function run(handler: Handler, invocation: Invocation): Promise<ThreadMessage> {
  const { slowMs = 0, crash } = invocation.fault ?? {};
  const uncount = typeof crash === 'object' ? endAfterCalls(crash.afterCalls) : () => {};
  try {
    if (slowMs > 0) await delay(slowMs);
    const result = await handler(JSON.parse(invocation.event), contextOf(invocation));
    if (crash === 'after') process.exit(1);
    return { type: 'result', json: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    return failure(error, invocation.requestId);
  } finally {
    uncount();
  }
}

function contextOf(invocation: Invocation): object {
  return {
    awsRequestId: invocation.requestId,
    functionName: invocation.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: invocation.functionArn,
    memoryLimitInMB: String(invocation.memoryMb),
    logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, invocation.deadlineMs - Date.now()),
  };
}

/** Lambda logs what a handler throws, message and stack included. */
function failure(error: unknown, requestId?: string): ThreadMessage {
  const { name = 'Error', message = String(error), stack } = (error ?? {}) as Partial<Error>;
  console.error(
    JSON.stringify({ level: 'ERROR', requestId, errorType: name, errorMessage: message, stack }),
  );
  return { type: 'failure', errorType: name, message };
}

try {
  const handler = await loadHandler(location);
  let received = 0;
  parentPort?.on('message', async (invocation: Invocation) => {
    received += 1;
    const answer = await run(handler, invocation);
    await written();
    send(answer);
    freezeAfter(received);
  });
  send({ type: 'ready' });
} catch (error) {
  send(failure(error));
}
