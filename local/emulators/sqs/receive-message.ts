import type { Clock } from '#local/clock';
import type { Parameters } from '../aws/json-protocol.ts';
import type { LocalQueue } from './local-queue.ts';
import { attributesDigest, bodyDigest, type MessageAttributes } from './message-attributes.ts';
import { integer, refuseOthers, texts } from './parameters.ts';
import type { ReceivedMessage } from './queue-messages.ts';
import { SqsError } from './sqs-error.ts';
import { systemAttributes } from './system-attributes.ts';

const KNOWN = [
  'QueueUrl',
  'AttributeNames',
  'MessageSystemAttributeNames',
  'MessageAttributeNames',
  'MaxNumberOfMessages',
  'VisibilityTimeout',
  'WaitTimeSeconds',
];

const SYSTEM_ATTRIBUTES = new Set([
  'All',
  'ApproximateFirstReceiveTimestamp',
  'ApproximateReceiveCount',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
  'MessageDeduplicationId',
  'MessageGroupId',
  'SenderId',
  'SentTimestamp',
  'SequenceNumber',
]);

/** Hands out messages; with a wait time it answers as soon as there is one. */
export async function receiveMessage(
  queue: LocalQueue,
  parameters: Parameters,
  clock: Clock,
): Promise<Record<string, unknown>> {
  refuseOthers(parameters, KNOWN);
  const max = integer(parameters, 'MaxNumberOfMessages', [1, 10]) ?? 1;
  const timeoutSeconds = integer(parameters, 'VisibilityTimeout', [0, 43_200]);
  const waitSeconds = integer(parameters, 'WaitTimeSeconds', [0, 20]);
  const waitMs = waitSeconds === undefined ? queue.settings.waitTimeMs : waitSeconds * 1_000;
  const systemNames = systemAttributeNames(parameters);
  const names = texts(parameters, 'MessageAttributeNames');
  const options = {
    max,
    ...(timeoutSeconds !== undefined && { visibilityTimeoutMs: timeoutSeconds * 1_000 }),
  };
  if (!queue.hasReceivable() && waitMs > 0) await untilReceivable(queue, clock, waitMs);
  const received = queue.receive(options);
  // SQS leaves the list out when it is empty.
  if (received.length === 0) return {};
  return { Messages: received.map((message) => describe(message, systemNames, names)) };
}

function untilReceivable(queue: LocalQueue, clock: Clock, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      cancel();
      unsubscribe();
      resolve();
    };
    const cancel = clock.after(waitMs, finish);
    const unsubscribe = queue.onChange(() => {
      if (queue.hasReceivable()) finish();
    });
  });
}

function systemAttributeNames(parameters: Parameters): string[] {
  const names = [
    ...texts(parameters, 'AttributeNames'),
    ...texts(parameters, 'MessageSystemAttributeNames'),
  ];
  const unknown = names.find((name) => !SYSTEM_ATTRIBUTES.has(name));
  if (unknown === undefined) return names;
  throw new SqsError(
    'InvalidAttributeName',
    'InvalidAttributeName',
    `Unknown Attribute ${unknown}.`,
  );
}

function describe(message: ReceivedMessage, systemNames: string[], names: string[]) {
  const system = pick(systemAttributes(message), (name) => matches(name, systemNames));
  const attributes = pick(message.attributes, (name) => matches(name, names)) as MessageAttributes;
  const digest = attributesDigest(attributes);
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: bodyDigest(message.body),
    Body: message.body,
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(digest !== undefined && { MessageAttributes: attributes, MD5OfMessageAttributes: digest }),
  };
}

/** A wanted name is a name, `All` (also written `.*`), or a beginning: `trace.*`. */
function matches(name: string, wanted: readonly string[]): boolean {
  return wanted.some(
    (pattern) =>
      pattern === 'All' ||
      pattern === name ||
      (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -2))),
  );
}

function pick<Value>(
  values: Readonly<Record<string, Value>>,
  wanted: (name: string) => boolean,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => wanted(name)));
}
