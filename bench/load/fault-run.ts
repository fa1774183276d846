/** Chats under faults at Twilio, from one seed. */
import { AgentDesk } from './agent-desk.ts';
import { type ChatsReport, runChats } from './chats.ts';
import { startLoadStack } from './load-stack.ts';

export interface FaultRun {
  readonly chats: number;
  /** Each way in each chat. */
  readonly messages: number;
  readonly faults: object;
}

/** Of the run that counts. */
export const FULL_RUN: FaultRun = {
  chats: 200,
  messages: 20,
  faults: {
    seed: 7,
    rest: { status: 429, count: 400 },
    restAfterCommit: { count: 100 },
    webhook: { drop: 0.05, duplicate: 0.1, delayMs: [0, 800] },
  },
};

/** Only a bound: a busy machine takes its time for all chats, and a letter may wait through many retries. */
const PATIENCE_MS = 300_000;

/** More than any delay of a webhook. */
const QUIET_MS = 1_500;

export interface FaultReport extends ChatsReport {
  readonly chats: number;
  readonly messagesEachWay: number;
  readonly seconds: number;
  /** Letters that were set aside. */
  readonly deadLetters: number;
  /** Letters left in the queue. */
  readonly remainder: number;
}

export async function runUnderFaults({ chats, messages, faults }: FaultRun): Promise<FaultReport> {
  const stack = await startLoadStack();
  try {
    const startedAt = performance.now();
    const desk = new AgentDesk(stack.outputs.TwilioUrl);
    await desk.faults(faults);
    const report = await runChats({
      socketUrl: stack.outputs.CustomerSocketUrl,
      desk,
      chats,
      messages,
      patienceMs: PATIENCE_MS,
      quietMs: QUIET_MS,
    });
    const left = stack.queues.all.map(({ settings, waiting, inFlight }) => ({
      isDead: settings.redrive === undefined,
      letters: waiting.length + inFlight.length,
    }));
    const lettersWhere = (isDead: boolean) =>
      left
        .filter((queue) => queue.isDead === isDead)
        .reduce((all, { letters }) => all + letters, 0);
    return {
      chats,
      messagesEachWay: chats * messages,
      seconds: Math.round((performance.now() - startedAt) / 100) / 10,
      ...report,
      deadLetters: lettersWhere(true),
      remainder: lettersWhere(false),
    };
  } finally {
    await stack.stop();
  }
}
