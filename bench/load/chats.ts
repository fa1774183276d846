/** Many chats at once, and what became of every message on both sides. */
import { setTimeout as delay } from 'node:timers/promises';
import type { AgentDesk } from './agent-desk.ts';
import { Customer } from './customer.ts';
import { judge, sum, type Verdict } from './verdict.ts';

export interface ChatsOptions {
  readonly socketUrl: string;
  readonly desk: AgentDesk;
  readonly chats: number;
  /** Each way in each chat. */
  readonly messages: number;
  /** Between two messages of one person, about. @default none */
  readonly pauseMs?: number | undefined;
  /** How long Flex may take for the last of them. */
  readonly patienceMs: number;
  /** Without a push: then all webhooks have arrived that will. */
  readonly quietMs: number;
  /** Told of each message that was accepted. */
  readonly onAccepted?: () => void;
}

export interface ChatsReport {
  /** What the agents see of the customers' messages. */
  readonly atAgents: Verdict;
  /** What the customers see of their own and of the agents' messages. */
  readonly atCustomers: Verdict;
  /** Messages of which no push arrived: only reading again brought them. */
  readonly neverPushed: number;
  readonly pushedAgain: number;
  readonly rejected: number;
  /** Refusals that clients took in their stride, by code. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Tasks beyond one for each chat. */
  readonly extraTasks: number;
}

/** Holds the conversations, waits until all is quiet, lets every customer read again, and judges. */
export async function runChats(options: ChatsOptions): Promise<ChatsReport> {
  const run = Math.random().toString(36).slice(2, 8);
  const customers = Array.from(
    { length: options.chats },
    (_, number) => new Customer(options.socketUrl, `${run}-${number}`),
  );
  // Before anybody speaks, so that faults by count strike all chats alike.
  await Promise.all(customers.map((customer) => customer.connect()));
  const chats = await Promise.all(customers.map((customer) => runChat(options, customer)));
  const names = new Set(customers.map(({ name }) => name));
  const tasks = await options.desk.tasks();
  const refusals = Object.groupBy(
    customers.flatMap((customer) => customer.refusals),
    (code) => code,
  );
  return {
    atAgents: sum(chats.map(({ atAgent }) => atAgent)),
    atCustomers: sum(chats.map(({ atCustomer }) => atCustomer)),
    neverPushed: count(customers, ({ shown, pushes }) => shown.size - pushes.size),
    pushedAgain: count(
      customers,
      ({ pushes }) => [...pushes.values()].filter((times) => times > 1).length,
    ),
    rejected: customers.flatMap((customer) => customer.rejected).length,
    refusals: Object.fromEntries(
      Object.entries(refusals).map(([code, all]) => [code, all?.length ?? 0]),
    ),
    extraTasks:
      tasks.filter(({ attributes }) => names.has(`${attributes['name']}`)).length - chats.length,
  };
}

const count = (customers: readonly Customer[], of: (customer: Customer) => number): number =>
  customers.reduce((total, customer) => total + of(customer), 0);

async function runChat(options: ChatsOptions, customer: Customer) {
  const { desk, messages } = options;
  const { name } = customer;
  const texts = (who: string) => Array.from({ length: messages }, (_, i) => `${name} ${who} ${i}`);
  const [said, answered] = [texts('customer'), texts('agent')];

  const speaking = sayAll(options, customer, said);
  const task = await desk.taskOf(name);
  await desk.accept(task);
  for (const text of answered) {
    await desk.answer(task, text);
    await pause(options);
  }
  await speaking;

  await untilShown(options, task, said);
  await customer.quiet(options.quietMs);
  await customer.readAgain();
  await customer.close();
  const inFlex = await desk.bodies(task);
  return {
    atAgent: judge(
      said,
      inFlex.filter((text) => !answered.includes(text)),
    ),
    atCustomer: sum([
      judge(said, customer.bodiesOf('customer')),
      judge(answered, customer.bodiesOf('agent')),
    ]),
  };
}

async function sayAll(
  options: ChatsOptions,
  customer: Customer,
  texts: readonly string[],
): Promise<void> {
  for (const [index, text] of texts.entries()) {
    await customer.say(`m${index}`, text);
    options.onAccepted?.();
    await pause(options);
  }
}

const pause = ({ pauseMs = 0 }: ChatsOptions): Promise<void> =>
  delay(pauseMs * (0.5 + Math.random()));

/** Waits until Flex has every message, or patience is over. */
async function untilShown(
  { desk, patienceMs }: ChatsOptions,
  task: string,
  texts: readonly string[],
): Promise<void> {
  const endMs = Date.now() + patienceMs;
  while (Date.now() < endMs) {
    const shown = new Set(await desk.bodies(task));
    if (texts.every((text) => shown.has(text))) return;
    // Not more often: the looks of hundreds of chats are a load of their own.
    await delay(1_000);
  }
}
