import { billFor, type Intake, invocationsOf } from './bill.ts';
import type { Prices } from './prices.ts';
import type { Usage } from './usage.ts';

/** Something that could be turned, and what that saves. */
export interface Lever {
  readonly lever: string;
  readonly dollars: number;
  readonly does: string;
}

interface Turn {
  readonly lever: string;
  readonly does: string;
  readonly usage?: (usage: Usage) => Usage;
  readonly intake?: Intake;
}

/** What one frame of an action takes; docs/architecture.md, "Calls per message". */
const COST_OF_FRAME: Readonly<Record<string, Partial<Record<Countable, number>>>> = {
  history: { socketMessages: 2, tableReads: 1, tableWrites: 1, twilioCalls: 3 },
  markRead: { socketMessages: 2, tableReads: 1, tableWrites: 1, twilioCalls: 1 },
};

type Countable = 'socketMessages' | 'tableReads' | 'tableWrites' | 'twilioCalls';

const TURNS: readonly Turn[] = [
  {
    lever: 'webhookIntake: http',
    does: 'an HTTP API takes the webhooks: no AWS WAF, no resource policy',
    intake: 'http',
  },
  {
    lever: 'webhooks by a function URL',
    does: 'no option: it has no throttle, and no domain of your own',
    intake: 'function-url',
  },
  {
    lever: "Lambda's own log lines",
    does: 'drops START and REPORT of invocations that went well; metrics stay',
    usage: (usage) => ({ ...usage, systemLines: 0, systemBytes: 0 }),
  },
  {
    lever: 'quiet checks',
    does: 'none: a lost webhook shows with the next message or reconnect only',
    usage: (usage) => without(usage, 'history'),
  },
  {
    lever: 'read marks',
    does: 'none: agents see no "Read"',
    usage: (usage) => without(usage, 'markRead'),
  },
  {
    lever: 'half the memory',
    does: 'half the price of waiting; what computes takes twice as long',
    usage: (usage) => ({ ...usage, memoryMb: usage.memoryMb / 2 }),
  },
  {
    lever: 'our own log lines',
    does: 'none: no metrics, no alarms',
    usage: (usage) => ({ ...usage, logLines: 0, logBytes: 0 }),
  },
];

/** @returns what each lever still saves, largest first; those that save nothing are left out. */
export function leversOf(usage: Usage, prices: Prices, intake: Intake, chats: number): Lever[] {
  const now = billFor(usage, prices, intake, chats).total;
  return TURNS.map(({ lever, does, ...turn }) => {
    const turned = turn.usage?.(usage) ?? usage;
    const bill = billFor(turned, prices, turn.intake ?? intake, chats);
    return { lever, does, dollars: now - bill.total };
  })
    .filter(({ dollars }) => dollars > 0)
    .sort((a, b) => b.dollars - a.dollars);
}

/** As if the client sent no frame of this action; one function runs once for each. */
function without(usage: Usage, action: string): Usage {
  const frames = usage.framesByAction[action] ?? 0;
  const share = 1 - frames / invocationsOf(usage);
  const less: Record<string, number> = {};
  for (const [name, each] of Object.entries(COST_OF_FRAME[action] ?? {})) {
    less[name] = usage[name as Countable] - each * frames;
  }
  return {
    ...usage,
    ...less,
    invocations: { ...usage.invocations, [`without ${action}`]: -frames },
    functionMs: usage.functionMs * share,
    logLines: usage.logLines * share,
    logBytes: usage.logBytes * share,
    systemLines: usage.systemLines * share,
    systemBytes: usage.systemBytes * share,
  };
}
