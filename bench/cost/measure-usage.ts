/** Plays a chat with the project's own client on the local stack, and counts what it uses. */
import { setTimeout as delay } from 'node:timers/promises';
import { type ChatClient, createChatClient } from '#client/sdk/index';
import { resourcesOf } from '#local/assembly/assembly';
import { AgentDesk } from '../load/agent-desk.ts';
import { type LoadStack, startLoadStack } from '../load/load-stack.ts';
import { SocketCount } from './counting-socket.ts';
import { InvocationCount } from './invocation-count.ts';
import { systemLines } from './system-lines.ts';
import type { ChatShape, Usage } from './usage.ts';
import { VirtualTimers } from './virtual-timers.ts';

/** So long after the customer the agent answers; the rest of a turn is silence. */
const ANSWER_AFTER_MS = 20_000;

/** Nothing may have moved for as long. */
const STILL_MS = 30;

/** @param operations settings besides those of `config/local.json`. */
export async function measureUsage(
  shape: ChatShape,
  operations: Readonly<Record<string, unknown>> = {},
): Promise<Usage> {
  const invocations = new InvocationCount();
  const stack = await startLoadStack({ ...invocations.hooks, operations });
  try {
    // The first run of each function compiles, and reads secrets.
    await play(stack, invocations, new SocketCount(), 'Warm', { minutes: 2, messages: 4 });
    invocations.forget();
    const calls = stack.frontDoor.audit.length;
    const requests = stack.twilio.requests().length;
    const lines = stack.logs.lines.length;
    const sockets = new SocketCount();
    await play(stack, invocations, sockets, 'Measured', shape);
    return {
      ...usageOfCalls(stack.frontDoor.audit.slice(calls).map(({ action }) => action)),
      ...usageOfLogs(stack, invocations, stack.logs.lines.slice(lines)),
      framesByAction: sockets.framesByAction,
      socketMessages: sockets.messages,
      connectionMinutes: shape.minutes,
      webhooks: invocations.byFunction['FlexWebhook'] ?? 0,
      invocations: invocations.byFunction,
      functionMs: invocations.elapsedMs,
      queueRequests: queueRequests(stack, calls, invocations),
      twilioCalls: stack.twilio.requests().length - requests,
    };
  } finally {
    await stack.stop();
  }
}

async function play(
  stack: LoadStack,
  invocations: InvocationCount,
  sockets: SocketCount,
  name: string,
  { minutes, messages }: ChatShape,
): Promise<void> {
  const settled = () => untilStill(stack, invocations, sockets);
  const timers = new VirtualTimers(settled);
  const desk = new AgentDesk(stack.outputs.TwilioUrl);
  const { createSocket } = sockets;
  const url = stack.outputs.CustomerSocketUrl;
  const chat = createChatClient({ url, profile: { name }, createSocket, timers });
  readAsItComes(chat);
  chat.connect();
  await settled();
  const turns = messages / 2;
  const turnMs = (minutes * 60_000) / turns;
  const answerAfterMs = Math.min(ANSWER_AFTER_MS, turnMs / 2);
  let task: string | undefined;
  for (let turn = 0; turn < turns; turn += 1) {
    chat.send(`question ${turn}`);
    await timers.advance(answerAfterMs);
    if (task === undefined) {
      task = await desk.taskOf(name);
      await desk.accept(task);
    }
    await desk.answer(task, `answer ${turn}`);
    await timers.advance(turnMs - answerAfterMs);
  }
  const { timeline } = chat.state;
  const shown = timeline.filter(({ kind }) => kind === 'message').length;
  if (task !== undefined) await desk.complete(task);
  await settled();
  chat.disconnect();
  await settled();
  if (shown !== messages) throw new Error(`${shown} of ${messages} messages were shown`);
}

/** As the widget does while it is open. */
function readAsItComes(chat: ChatClient): void {
  chat.on('message', ({ direction, index }) => {
    if (direction === 'incoming') chat.markRead(index);
  });
}

/** Resolves once all that was set going is done. */
async function untilStill(
  stack: LoadStack,
  invocations: InvocationCount,
  sockets: SocketCount,
): Promise<void> {
  const moved = () =>
    `${sockets.messages} ${invocations.total} ${stack.frontDoor.audit.length} ${stack.twilio.requests().length}`;
  for (let before = ''; before !== moved() || !invocations.isIdle; ) {
    before = moved();
    await stack.twilio.settled();
    await stack.mappings.idle();
    await delay(STILL_MS);
  }
}

function usageOfCalls(actions: readonly string[]) {
  const count = (pattern: RegExp) => actions.filter((action) => pattern.test(action)).length;
  return {
    // Items are so small that each costs one unit; a query of all items of a session, too.
    tableReads: count(/^dynamodb:(Query|GetItem)$/),
    tableWrites: count(/^dynamodb:(Put|Update|Delete)Item$/),
    pushes: count(/^execute-api:/),
  };
}

/** Lambda receives and deletes each batch, which the audit does not see. */
function queueRequests(stack: LoadStack, since: number, { byFunction }: InvocationCount): number {
  const sent = stack.frontDoor.audit.slice(since).filter(({ service }) => service === 'sqs');
  return sent.length + 2 * (byFunction['DeliverToFlex'] ?? 0);
}

function usageOfLogs(
  stack: LoadStack,
  { total }: InvocationCount,
  lines: readonly { readonly line: string }[],
) {
  const [fn] = resourcesOf(stack.assembly, 'AWS::Lambda::Function');
  const system = systemLines(fn?.properties['LoggingConfig']?.SystemLogLevel);
  return {
    memoryMb: fn?.properties['MemorySize'] as number,
    logLines: lines.length,
    logBytes: lines.reduce((sum, { line }) => sum + Buffer.byteLength(line) + 1, 0),
    systemLines: total * system.lines,
    systemBytes: total * system.bytes,
  };
}
