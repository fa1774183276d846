/** Plays one conversation through the deployed stack, hop by hop, and takes away what it has left in Twilio. */
import { setTimeout as wait } from 'node:timers/promises';
import { sessionId } from '#core/ids';
import { customerIdentity } from '#core/session';
import { CommandError } from '../command.ts';
import { describeFailure } from '../failures/describe.ts';
import type { ChatChannels } from '../twilio/chat-channels.ts';
import type { ChatTasks } from '../twilio/chat-tasks.ts';
import { connectCustomer, type SmokeCustomer } from './customer.ts';
import type { FailedHop, Hop, PassedHop } from './hops.ts';

/** Twilio serves three searches of tasks a second in an account. */
const SEARCH_PAUSE_MS = 1_000;
const LOOK_PAUSE_MS = 250;

/** A workflow can tell the canary from customers by `pre_engagement_data.smoke == "true"`. */
const PROFILE = { name: 'flex-channel smoke', fields: { smoke: 'true' } };
const AUTHOR = 'flex-channel-smoke';
const SAID = 'Is anybody there? (flex-channel smoke)';
const ANSWER = 'All is well. (flex-channel smoke)';

export interface Play {
  readonly socketUrl: string;
  readonly origin: string | undefined;
  readonly channels: ChatChannels;
  readonly tasks: ChatTasks;
  /** Whether a chat becomes a task by this channel itself, not by a flow that may ask first. */
  readonly awaitsTask: boolean;
  readonly timeoutMs: (hop: Hop) => number;
  /** Told of each hop as soon as it is passed. */
  readonly onPassed: (hop: PassedHop) => Promise<void> | void;
}

export interface Played {
  readonly passed: readonly PassedHop[];
  readonly failed?: FailedHop;
  /** What could not be taken away, and why. */
  readonly left: readonly string[];
}

class HopFailure extends Error {
  readonly hop: Hop;
  constructor(hop: Hop, cause: unknown) {
    super(describeFailure(cause), { cause });
    this.hop = hop;
  }
}

/** What is known so far: the clean-up needs it, wherever the conversation ends. */
interface Trace {
  session?: string;
  isAccepted?: true;
  channelSid?: string | undefined;
}

export async function playConversation(play: Play): Promise<Played> {
  const passed: PassedHop[] = [];
  const trace: Trace = {};
  const run = async <T>(hop: Hop, prove: (timeoutMs: number) => Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    try {
      const proof = await prove(play.timeoutMs(hop));
      const each = { hop, tookMs: Math.round(performance.now() - startedAt) };
      passed.push(each);
      await play.onPassed(each);
      return proof;
    } catch (error) {
      throw new HopFailure(hop, error);
    }
  };
  try {
    await throughHops(play, run, trace);
    return { passed, left: await cleanUp(play, trace) };
  } catch (error) {
    if (!(error instanceof HopFailure)) throw error;
    const failed = { hop: error.hop, reason: error.message };
    return { passed, failed, left: await cleanUp(play, trace) };
  }
}

type Run = <T>(hop: Hop, prove: (timeoutMs: number) => Promise<T>) => Promise<T>;

async function throughHops(play: Play, run: Run, trace: Trace): Promise<void> {
  const customer = await run('connect', (ms) => connectCustomer(play.socketUrl, play.origin, ms));
  try {
    const { sessionId: session } = await run('hello', (ms) =>
      customer.ask({ action: 'hello', profile: PROFILE }, ms),
    );
    trace.session = String(session);
    await converse(play, run, customer, trace, trace.session);
  } finally {
    customer.close();
  }
}

async function converse(
  { channels, tasks, awaitsTask }: Play,
  run: Run,
  customer: SmokeCustomer,
  trace: Trace,
  session: string,
): Promise<void> {
  const message = { action: 'sendMessage', id: 'smoke-1', chat: 1, body: SAID };
  await run('accepted', (ms) => customer.ask(message, ms));
  trace.isAccepted = true;
  const channelSid = await run('in Flex', (ms) =>
    eventually(ms, LOOK_PAUSE_MS, "message in Twilio's transcript", async () => {
      trace.channelSid ??= await channels.find(`${session}-1`);
      if (trace.channelSid === undefined) return undefined;
      const messages = await channels.messages(trace.channelSid, 1);
      return messages.length > 0 ? trace.channelSid : undefined;
    }),
  );
  await run('echo', (ms) => {
    const isEcho = (event: { readonly [field: string]: unknown }) =>
      event['type'] === 'message' && event['id'] === message.id;
    return customer.next("echo of the customer's message", isEcho, ms);
  });
  if (awaitsTask) {
    await run('task', (ms) =>
      eventually(ms, SEARCH_PAUSE_MS, 'task of the chat in TaskRouter', async () =>
        (await tasks.of(channelSid)).at(0),
      ),
    );
  }
  await run('from Flex', async (ms) => {
    await channels.post(channelSid, AUTHOR, ANSWER);
    const isAnswer = (event: { readonly [field: string]: unknown }) =>
      event['type'] === 'message' && event['body'] === ANSWER;
    return customer.next('message from Flex at the customer', isAnswer, ms);
  });
  await run('end', async (ms) => {
    await customer.ask({ action: 'endChat' }, ms);
    await customer.next('word that the chat has ended', ({ type }) => type === 'ended', ms);
  });
}

/** Asks again until there is an answer. @throws CommandError that says what there was not in time. */
async function eventually<T>(
  timeoutMs: number,
  pauseMs: number,
  what: string,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const giveUpAt = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() + pauseMs > giveUpAt) {
      throw new CommandError(`no ${what} within ${timeoutMs / 1000} s`);
    }
    await wait(pauseMs);
  }
}

/** Ends the tasks that go on, then removes the chat and its customer. One failure keeps no other step from its work. */
async function cleanUp(play: Play, trace: Trace): Promise<string[]> {
  const { channels, tasks } = play;
  const { session } = trace;
  if (session === undefined) return [];
  const left: string[] = [];
  const step = async (what: string, run: () => Promise<unknown>): Promise<void> => {
    try {
      await run();
    } catch (error) {
      left.push(`${what}: ${describeFailure(error)}`);
    }
  };
  await step(`${channels.noun} ${session}-1`, async () => {
    trace.channelSid ??= await channels.find(`${session}-1`);
  });
  const { channelSid } = trace;
  if (channelSid === undefined && trace.isAccepted) {
    left.push(`the message waits for deliver-to-flex, and may open ${session}-1 later`);
  }
  if (channelSid !== undefined) {
    await step(`tasks of ${channelSid}`, async () => {
      for (const task of await tasks.of(channelSid)) if (!task.isOver) await tasks.end(task);
    });
    await step(`${channels.noun} ${channelSid}`, () => channels.remove(channelSid));
  }
  const identity = customerIdentity(sessionId(session));
  await step(`user ${identity}`, async () => {
    const user = await channels.findUser(identity);
    if (user !== undefined) await channels.removeUser(user);
  });
  return left;
}
