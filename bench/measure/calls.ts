import type { LocalStack } from '#local/stack/local-stack';
import type { AgentDesk } from '../load/agent-desk.ts';
import { Customer } from '../load/customer.ts';
import type { Figure } from './figure.ts';
import { untilPushed } from './push.ts';

/** Over which calls are averaged, so that one that is made now and then shows. */
const MESSAGES = 20;

interface Calls {
  readonly aws: number;
  readonly twilio: number;
}

/**
 * Calls by our code, from the audit of every call, without what a function reads once per cold
 * start. The echo of a message is part of the message.
 */
export async function measureCalls(stack: LocalStack, desk: AgentDesk): Promise<Figure[]> {
  const url = stack.outputs.CustomerSocketUrl;
  const chat = new Customer(url, 'Calls');
  await chat.connect();
  await said(chat, 'first', 'warm');
  const task = await desk.taskOf('Calls');
  await desk.accept(task);
  await answered(chat, desk, task, 'warm too');
  const other = new Customer(url, 'Calls of a first message');
  await other.connect();
  const third = new Customer(url, 'Calls of a connect');

  const connect = await callsDuring(stack, () => third.connect());
  const message = await callsDuring(stack, async () => {
    for (let i = 0; i < MESSAGES; i += 1) await said(chat, `m${i}`, `said ${i}`);
  });
  const answer = await callsDuring(stack, async () => {
    for (let i = 0; i < MESSAGES; i += 1) await answered(chat, desk, task, `answered ${i}`);
  });
  const first = await callsDuring(stack, () => said(other, 'first', 'hello'));
  for (const customer of [chat, other, third]) await customer.close();
  return [
    // One for the connection; session, profile and a look at both for hello.
    ...figures('connect and hello', connect, 1, { aws: 4, twilio: 0 }),
    ...figures('message with its echo', message, MESSAGES, { aws: 4, twilio: 1 }),
    ...figures('answer', answer, MESSAGES, { aws: 2, twilio: 0 }),
    ...figures('first message with its echo', first, 1, { aws: 7, twilio: 7 }),
  ];
}

async function said(customer: Customer, id: string, body: string): Promise<void> {
  const pushed = untilPushed(customer, body);
  await customer.say(id, body);
  await pushed;
}

async function answered(
  customer: Customer,
  desk: AgentDesk,
  task: string,
  body: string,
): Promise<void> {
  const pushed = untilPushed(customer, body);
  await desk.answer(task, body);
  await pushed;
}

async function callsDuring(stack: LocalStack, act: () => Promise<unknown>): Promise<Calls> {
  const audited = stack.frontDoor.audit.length;
  const requested = stack.twilio.requests().length;
  await act();
  await stack.mappings.idle();
  const calls = stack.frontDoor.audit.slice(audited);
  return {
    aws: calls.filter(({ action }) => action !== 'secretsmanager:GetSecretValue').length,
    twilio: stack.twilio.requests().length - requested,
  };
}

const figures = (what: string, calls: Calls, times: number, budget: Calls): Figure[] =>
  (['aws', 'twilio'] as const).map((vendor) => ({
    name: `${what}: ${vendor === 'aws' ? 'AWS' : 'Twilio'}`,
    value: calls[vendor] / times,
    unit: 'calls',
    atMost: budget[vendor],
  }));
