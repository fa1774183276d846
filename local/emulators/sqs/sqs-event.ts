/** What Lambda gives a function from a queue, and what the function answers. */
import { LOCAL_REGION } from '#local/assembly/assembly';
import { attributesDigest, bodyDigest, type MessageAttribute } from './message-attributes.ts';
import type { ReceivedMessage } from './queue-messages.ts';
import { systemAttributes } from './system-attributes.ts';

/** Source: Lambda developer guide, "Using Lambda with Amazon SQS", example of a FIFO message. */
export function sqsEvent(messages: readonly ReceivedMessage[], queueArn: string) {
  return { Records: messages.map((message) => sqsRecord(message, queueArn)) };
}

function sqsRecord(message: ReceivedMessage, queueArn: string) {
  const digest = attributesDigest(message.attributes);
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: systemAttributes(message),
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, value]) => [name, recordAttribute(value)]),
    ),
    md5OfBody: bodyDigest(message.body),
    ...(digest !== undefined && { md5OfMessageAttributes: digest }),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: LOCAL_REGION,
  };
}

function recordAttribute({ DataType, StringValue, BinaryValue }: MessageAttribute) {
  return {
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}

/**
 * Reads a partial batch response.
 *
 * Nothing, `{}` and an empty or missing list mean success. A list with anything but ids of this
 * batch fails the whole batch. So does an answer without the key but with others: what Lambda
 * makes of it is unconfirmed, and the strict reading shows a misspelled key.
 * Source: Lambda developer guide, "Implementing partial batch responses".
 *
 * @returns message ids.
 */
export function failedMessages(
  response: unknown,
  messages: readonly ReceivedMessage[],
): ReadonlySet<string> {
  const all = new Set(messages.map(({ messageId }) => messageId));
  if (response === null || response === undefined) return new Set();
  if (typeof response !== 'object' || Array.isArray(response)) return all;
  if (!('batchItemFailures' in response)) {
    return Object.keys(response).length === 0 ? new Set() : all;
  }
  const failures = response.batchItemFailures ?? [];
  if (!Array.isArray(failures)) return all;
  const ids = failures.map((failure) => failure?.itemIdentifier);
  return ids.every((id) => all.has(id)) ? new Set(ids) : all;
}
