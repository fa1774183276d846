import { createHash } from 'node:crypto';
import type { FifoQueue, NewMessage } from './fifo-queue.ts';
import { attributesBytes, attributesDigest, bodyDigest } from './message-attributes.ts';
import {
  deduplicationId,
  groupId,
  integer,
  messageAttributes,
  messageBody,
  type Parameters,
  refuseOthers,
} from './parameters.ts';
import { invalidParameter } from './sqs-error.ts';

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
export function sendMessage(queue: FifoQueue, parameters: Parameters): Record<string, unknown> {
  const message = readMessage(queue, parameters);
  const sent = queue.send(message);
  const digest = attributesDigest(message.attributes);
  return {
    MessageId: sent.messageId,
    SequenceNumber: sent.sequenceNumber,
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

function readMessage(queue: FifoQueue, parameters: Parameters): NewMessage {
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
  // FIFO queues have a delay of their own only.
  if (integer(parameters, 'DelaySeconds', [0, 900])) {
    throw invalidParameter(
      'DelaySeconds',
      parameters['DelaySeconds'],
      'The request include parameter that is not valid for this queue type.',
    );
  }
  return {
    body,
    attributes,
    groupId: groupId(parameters),
    deduplicationId: deduplicationId(parameters, queue.settings, () =>
      createHash('sha256').update(body).digest('hex'),
    ),
  };
}
