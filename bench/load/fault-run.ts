/** Chats under faults, and what became of their messages. */
import { setTimeout as delay } from 'node:timers/promises';
import { AgentDesk } from './agent-desk.ts';
import { type ChatsReport, runChats } from './chats.ts';
import { functionLines } from './function-lines.ts';
import { lettersIn } from './letters.ts';
import { type LoadStackOptions, startLoadStack } from './load-stack.ts';

export interface FaultRun {
  readonly chats: number;
  /** Each way in each chat. */
  readonly messages: number;
  /** Between two messages of one person, about. */
  readonly pauseMs?: number;
  /** From the start, as `PUT /faults` takes them. */
  readonly faults?: object;
  /** Once the chats are under way, one after another; each replaces the one before. */
  readonly phases?: Phases;
  readonly stack?: LoadStackOptions;
}

interface Phases {
  /** The first one begins then. Before, the functions' copies only start. */
  readonly afterMessages: number;
  /** How many messages are accepted under each: a busy machine meets it as often as a quiet one. */
  readonly eachMessages: number;
  readonly faults: readonly object[];
}

/** Twilio refuses, forgets to answer, and loses, doubles and delays webhooks. */
export const TWILIO_RUN = {
  chats: 200,
  messages: 20,
  faults: {
    seed: 7,
    rest: { status: 429, count: 400 },
    restAfterCommit: { count: 100 },
    webhook: { drop: 0.05, duplicate: 0.1, delayMs: [0, 800] },
    events: { drop: 0.2, duplicate: 0.2, delayMs: [0, 2_000] },
  },
} as const satisfies FaultRun;

/** Flex promises tasks that it never makes and tells nobody; the chats are routed again. */
export const ROUTING_RUN = {
  chats: 100,
  messages: 20,
  // Longer in all than it takes until a promised task is overdue.
  pauseMs: 2_500,
  faults: {
    seed: 7,
    routing: { count: 40, isTold: false },
    webhook: { drop: 0.05, duplicate: 0.1, delayMs: [0, 800] },
    events: { drop: 0.3, duplicate: 0.3, delayMs: [0, 4_000] },
  },
  stack: { flex: { whenNobodyServes: 'reroute', rerouteAttempts: 3 } },
} as const satisfies FaultRun;

/** Functions die at every point, are slow and throttled; connections are gone, busy and hanging. */
export const FUNCTIONS_RUN = {
  chats: 200,
  messages: 20,
  pauseMs: 2_000,
  phases: {
    afterMessages: 20,
    eachMessages: 250,
    faults: [
      { lambda: { crash: { function: 'deliver-to-flex', afterCalls: 1, count: 8 } } },
      { lambda: { crash: { function: 'deliver-to-flex', afterCalls: 3, count: 8 } } },
      { lambda: { crash: { function: 'deliver-to-flex', when: 'after', count: 8 } } },
      { lambda: { crash: { function: 'customer-socket', when: 'after', count: 20 } } },
      { lambda: { crash: { function: 'flex-webhook', afterCalls: 1, count: 20 } } },
      { lambda: { slow: { ms: 1_500, count: 60 }, throttle: { function: 'webhook', count: 60 } } },
      { lambda: { throttle: { function: 'customer-socket', count: 60 } } },
      { connections: { post: { answer: 'gone', count: 40 } } },
      { connections: { post: { answer: 'gone-but-delivered', count: 40 } } },
      { connections: { post: { answer: 'throttled', count: 100 } } },
      { connections: { post: { answer: 'hang', count: 20 } } },
      { connections: { messageDelayMs: [0, 500], disconnect: 'after-next-connect' } },
      { latencyMs: 800 },
      {},
    ],
  },
} as const satisfies FaultRun;

/** Only a bound: a busy machine takes its time for all chats, and a letter may wait through many retries. */
const PATIENCE_MS = 400_000;

/** More than any delay of a webhook. */
const QUIET_MS = 1_500;

export interface FaultReport extends ChatsReport {
  readonly chats: number;
  readonly messagesEachWay: number;
  readonly seconds: number;
  /** Faults that were never set, as all chats were done before. */
  readonly phasesMissed: number;
  /** Functions that died. */
  readonly crashes: number;
  /** Times that a push met no connection, or one that could not be reached. */
  readonly pushesFailed: number;
  /** Dead-lettered letters. */
  readonly deadLetters: number;
  /** Letters left in the queue. */
  readonly remainder: number;
}

export async function runUnderFaults(run: FaultRun): Promise<FaultReport> {
  const { chats, messages, pauseMs, phases } = run;
  const stack = await startLoadStack(run.stack);
  const end = new AbortController();
  try {
    const startedAt = performance.now();
    const desk = new AgentDesk(stack.outputs.TwilioUrl);
    await desk.faults(run.faults ?? {});
    let played: Promise<number> | undefined;
    let accepted = 0;
    const report = await runChats({
      socketUrl: stack.outputs.CustomerSocketUrl,
      desk,
      chats,
      messages,
      pauseMs,
      patienceMs: PATIENCE_MS,
      quietMs: QUIET_MS,
      onAccepted: () => {
        accepted += 1;
        if (accepted === phases?.afterMessages) {
          played = play(desk, phases, () => accepted, end.signal);
        }
      },
    });
    end.abort();
    const lines = functionLines(stack.outDirectory);
    return {
      chats,
      messagesEachWay: chats * messages,
      seconds: Math.round((performance.now() - startedAt) / 100) / 10,
      ...report,
      phasesMissed: (phases?.faults.length ?? 0) - ((await played) ?? 0),
      crashes: lines.filter((line) => line.startsWith('Runtime.')).length,
      pushesFailed: lines.filter((line) => /"Push(Gone|Failed)":/.test(line)).length,
      deadLetters: lettersIn(stack, 'DeadLetters'),
      remainder: lettersIn(stack, 'ToFlex'),
    };
  } finally {
    end.abort();
    await stack.stop();
  }
}

/** @returns how many of them were set. */
async function play(
  desk: AgentDesk,
  { faults, eachMessages }: Phases,
  accepted: () => number,
  signal: AbortSignal,
): Promise<number> {
  for (const [played, each] of faults.entries()) {
    if (signal.aborted) return played;
    await desk.faults(each);
    const enough = accepted() + eachMessages;
    while (accepted() < enough && !signal.aborted) await delay(20);
  }
  return faults.length;
}
