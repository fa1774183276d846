/** Chats that go on for a long time, and what they leave behind. */
import { setTimeout as delay } from 'node:timers/promises';
import type { LocalStack } from '#local/stack/local-stack';
import { AgentDesk } from '../load/agent-desk.ts';
import { functionLines } from '../load/function-lines.ts';
import { lettersIn } from '../load/letters.ts';
import { type LoadStack, startLoadStack } from '../load/load-stack.ts';
import { MemoryWatch } from '../measure/memory.ts';
import { percentile, rounded } from '../measure/statistics.ts';
import { type Latencies, SoakChat } from './soak-chat.ts';

export interface SoakOptions {
  readonly minutes: number;
  readonly chats: number;
  /** Turns of all chats together: a word each way. */
  readonly turnsPerSecond: number;
}

export interface SoakReport {
  readonly turns: number;
  readonly echoMs: { readonly p50: number; readonly p99: number };
  readonly answerMs: { readonly p50: number; readonly p99: number };
  /** Pushes that did not come within 15 s. */
  readonly late: number;
  readonly rssMb: number;
  /** Of the peak, by how much it is above that of the warm-up, as a share; `null`: the run was too short to tell. */
  readonly rssPeakRise: number | null;
  readonly heapMb: number;
  readonly heapGrowthMbPerMinute: number | null;
  readonly connectionItems: number;
  readonly letters: number;
  readonly deadLetters: number;
  readonly unhandledRejections: number;
  /** What functions logged at level ERROR, and crashes: how often each. */
  readonly errors: Readonly<Record<string, number>>;
}

/** Of a letter, all together. */
const RETRIES_MS = 60_000;
const OPENING_AT_ONCE = 20;
const SAMPLE_MS = 5_000;
/** SQS remembers what was sent for five minutes, and each copy of a function fills its heap at first. */
const WARM_UP_MS = 5 * 60_000;
/** The account at Twilio has to grow with every message; of old ones nobody asks here. */
const KEPT_MESSAGES = 10;

export async function soak(options: SoakOptions, log: (line: string) => void): Promise<SoakReport> {
  let unhandledRejections = 0;
  const countUnhandled = () => {
    unhandledRejections += 1;
  };
  process.on('unhandledRejection', countUnhandled);
  const stack = await startLoadStack();
  try {
    const latencies: Latencies = { echo: [], answer: [], late: 0 };
    const chats = await openChats(stack, options, latencies);
    log(`${chats.length} chats are open`);
    const memory = await talk(stack, chats, options, log);
    for (const chat of chats) await chat.end();
    await untilSettled(stack);
    return { ...measures(latencies, memory), ...(await remainders(stack)), unhandledRejections };
  } finally {
    await stack.stop();
    process.off('unhandledRejection', countUnhandled);
  }
}

async function openChats(
  { outputs }: LocalStack,
  { chats }: SoakOptions,
  latencies: Latencies,
): Promise<SoakChat[]> {
  const desk = new AgentDesk(outputs.TwilioUrl);
  const all = Array.from(
    { length: chats },
    (_, number) => new SoakChat(outputs.CustomerSocketUrl, `Soak ${number}`, desk, latencies),
  );
  const waiting = [...all];
  const openers = Array.from({ length: OPENING_AT_ONCE }, async () => {
    for (let chat = waiting.pop(); chat !== undefined; chat = waiting.pop()) await chat.open();
  });
  await Promise.all(openers);
  return all;
}

/** Each chat takes turns at its own random moments, until time is up. */
async function talk(
  stack: LocalStack,
  chats: readonly SoakChat[],
  { minutes, turnsPerSecond }: SoakOptions,
  log: (line: string) => void,
): Promise<MemoryWatch> {
  const endMs = performance.now() + minutes * 60_000;
  const pauseMs = (chats.length / turnsPerSecond) * 1_000;
  const talking = chats.map(async (chat) => {
    for (;;) {
      const waitMs = pauseMs * (0.5 + Math.random());
      if (performance.now() + waitMs > endMs) return;
      await delay(waitMs);
      await chat.takeTurns();
    }
  });
  const memory = new MemoryWatch();
  while (performance.now() < endMs) {
    await delay(Math.min(SAMPLE_MS, Math.max(0, endMs - performance.now())));
    forgetOldMessages(stack);
    memory.sample();
    if (memory.samples.length % 12 === 0) log(progressLine(memory));
  }
  await Promise.all(talking);
  return memory;
}

function forgetOldMessages({ twilio }: LocalStack): void {
  for (const { messages } of twilio.world.conversations.values()) {
    if (messages.length > KEPT_MESSAGES) messages.splice(0, messages.length - KEPT_MESSAGES);
  }
}

function progressLine({ samples }: MemoryWatch): string {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return '';
  const minutes = rounded((last.atMs - first.atMs) / 60_000);
  return `${minutes} min: ${rounded(last.rssMb)} MB, of which heap ${rounded(last.heapMb)} MB`;
}

/** Ends of chats and connections are on their way for a moment, and a failed letter for longer. */
async function untilSettled(stack: LocalStack): Promise<void> {
  const endMs = performance.now() + RETRIES_MS;
  do {
    await delay(500);
    await stack.mappings.idle();
    await stack.twilio.settled();
  } while (lettersIn(stack, 'ToFlex') > 0 && performance.now() < endMs);
  await delay(500);
}

function measures(latencies: Latencies, memory: MemoryWatch) {
  const { echo, answer, late } = latencies;
  const summary = (values: readonly number[]) => ({
    p50: rounded(percentile(values, 0.5)),
    p99: rounded(percentile(values, 0.99)),
  });
  const rise = memory.peakRise(WARM_UP_MS);
  const growth = memory.heapGrowth(WARM_UP_MS);
  return {
    turns: answer.length,
    echoMs: summary(echo),
    answerMs: summary(answer),
    late,
    rssMb: rounded(memory.samples.at(-1)?.rssMb ?? Number.NaN),
    rssPeakRise: rise === undefined ? null : rounded(rise, 3),
    heapMb: rounded(memory.samples.at(-1)?.heapMb ?? Number.NaN),
    heapGrowthMbPerMinute: growth === undefined ? null : rounded(growth, 2),
  };
}

async function remainders(stack: LoadStack) {
  const items = await stack.dynamodb.items();
  return {
    connectionItems: items.filter(({ sk }) => sk?.S?.startsWith('CONNECTION#')).length,
    letters: lettersIn(stack, 'ToFlex'),
    deadLetters: lettersIn(stack, 'DeadLetters'),
    errors: errorsIn(functionLines(stack.outDirectory)),
  };
}

function errorsIn(lines: readonly string[]): Record<string, number> {
  const all = Object.groupBy(lines.flatMap(errorOf), (error) => error);
  return Object.fromEntries(
    Object.entries(all).map(([error, times = []]) => [error, times.length]),
  );
}

function errorOf(line: string): string[] {
  if (/^(Runtime|Sandbox)\./.test(line)) return [line];
  if (!line.includes('"level":"ERROR"')) return [];
  const { message, code, reason } = JSON.parse(line);
  return [`${message}: ${code} ${reason}`];
}
