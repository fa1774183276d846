import { createHash } from 'node:crypto';
import type { Parameters } from '../aws/json-protocol.ts';
import type { LocalQueue } from './local-queue.ts';
import { attributesBytes, attributesDigest, bodyDigest } from './message-attributes.ts';
import {
  deduplicationId,
  groupId,
  integer,
  messageAttributes,
  messageBody,
  refuseOthers,
} from './parameters.ts';
import type { NewMessage } from './queue-messages.ts';
import type { QueueSettings } from './queue-settings.ts';
import { invalidParameter, notEmulated, type SqsError } from './sqs-error.ts';

const KNOWN = [
  'QueueUrl',
  'Id',
  'MessageBody',
  'MessageAttributes',
  'MessageGroupId',
  'MessageDeduplicationId',
  'DelaySeconds',
];

/** Stores one message. An answer to a repeated send names the first message. */
export function sendMessage(queue: LocalQueue, parameters: Parameters): Record<string, unknown> {
  const message = readMessage(queue, parameters);
  const sent = queue.send(message);
  const digest = attributesDigest(message.attributes);
  return {
    MessageId: sent.messageId,
    ...(queue.settings.isFifo && { SequenceNumber: sent.sequenceNumber }),
    MD5OfMessageBody: bodyDigest(message.body),
    ...(digest !== undefined && { MD5OfMessageAttributes: digest }),
  };
}

/** Bytes of body and attributes. */
export function messageBytes({
  body,
  attributes,
}: Pick<NewMessage, 'body' | 'attributes'>): number {
  return Buffer.byteLength(body) + attributesBytes(attributes);
}

function readMessage(queue: LocalQueue, parameters: Parameters): NewMessage {
  refuseOthers(parameters, KNOWN);
  const body = messageBody(parameters);
  const attributes = messageAttributes(parameters);
  const { maxMessageBytes } = queue.settings;
  if (messageBytes({ body, attributes }) > maxMessageBytes) {
    throw invalidParameter(
      'MessageBody',
      '(not repeated)',
      `Message must be shorter than ${maxMessageBytes} bytes.`,
    );
  }
  return { body, attributes, ...placeOf(queue.settings, parameters, body) };
}

/** What is said for one kind of queue only is refused by the other. */
function placeOf(
  settings: QueueSettings,
  parameters: Parameters,
  body: string,
): Pick<NewMessage, 'groupId' | 'deduplicationId' | 'delayMs'> {
  const delaySeconds = integer(parameters, 'DelaySeconds', [0, 900]);
  if (settings.isFifo) {
    // FIFO queues have a delay of their own only.
    if (delaySeconds) throw ofOtherKind(parameters, 'DelaySeconds');
    return {
      groupId: groupId(parameters),
      deduplicationId: deduplicationId(parameters, settings, () =>
        createHash('sha256').update(body).digest('hex'),
      ),
    };
  }
  if (parameters['MessageDeduplicationId'] !== undefined) {
    throw ofOtherKind(parameters, 'MessageDeduplicationId');
  }
  // Standard queues take it for fairness between tenants.
  if (parameters['MessageGroupId'] !== undefined) {
    throw notEmulated('MessageGroupId of a standard queue');
  }
  return delaySeconds === undefined ? {} : { delayMs: delaySeconds * 1_000 };
}

function ofOtherKind(parameters: Parameters, name: string): SqsError {
  return invalidParameter(
    name,
    parameters[name],
    'The request include parameter that is not valid for this queue type.',
  );
}
