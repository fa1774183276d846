/** Runs in a worker thread: loads one function and answers invocations one after the other. */

import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { endAfterCalls } from './end-after-calls.ts';
import type { HandlerLocation, Invocation, ThreadMessage } from './messages.ts';

type Handler = (event: unknown, context: object) => Promise<unknown>;

function send(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

async function loadHandler({ file, name }: HandlerLocation): Promise<Handler> {
  const bundle = await import(pathToFileURL(file).href);
  const handler: unknown = bundle[name];
  if (typeof handler !== 'function') throw new TypeError(`${file} has no handler ${name}`);
  return handler as Handler;
}

async function run(handler: Handler, invocation: Invocation): Promise<void> {
  const { slowMs = 0, crash } = invocation.fault ?? {};
  const uncount = typeof crash === 'object' ? endAfterCalls(crash.afterCalls) : () => {};
  try {
    if (slowMs > 0) await delay(slowMs);
    const result = await handler(JSON.parse(invocation.event), contextOf(invocation));
    if (crash === 'after') process.exit(1);
    send({ type: 'result', json: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    fail(error, invocation.requestId);
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
function fail(error: unknown, requestId?: string): void {
  const { name = 'Error', message = String(error), stack } = (error ?? {}) as Partial<Error>;
  console.error(
    JSON.stringify({ level: 'ERROR', requestId, errorType: name, errorMessage: message, stack }),
  );
  send({ type: 'failure', errorType: name, message });
}

try {
  const handler = await loadHandler(workerData as HandlerLocation);
  parentPort?.on('message', (invocation: Invocation) => run(handler, invocation));
  send({ type: 'ready' });
} catch (error) {
  fail(error);
}
