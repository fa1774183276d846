import type { Clock } from '#local/clock';
import type { Parameters } from '../aws/json-protocol.ts';
import { batchEntries, runBatch } from './batch-action.ts';
import type { LocalQueue } from './local-queue.ts';
import {
  integer,
  messageAttributes,
  messageBody,
  refuseOthers,
  requiredText,
} from './parameters.ts';
import { getQueueAttributes } from './queue-attributes.ts';
import { MAX_MESSAGE_BYTES } from './queue-settings.ts';
import { receiveMessage } from './receive-message.ts';
import { messageBytes, sendMessage } from './send-message.ts';
import { missingParameter, SqsError, simpleQueueError } from './sqs-error.ts';

type Answer = Record<string, unknown>;

/** One action on a queue. */
export interface QueueAction {
  /** The IAM action; a batch needs the one of its entries. Source: service authorization reference, Amazon SQS. */
  readonly permission: string;
  run(queue: LocalQueue, parameters: Parameters, clock: Clock): Answer | Promise<Answer>;
}

export const QUEUE_ACTIONS: Readonly<Record<string, QueueAction>> = {
  SendMessage: { permission: 'sqs:SendMessage', run: sendMessage },
  SendMessageBatch: { permission: 'sqs:SendMessage', run: sendMessageBatch },
  ReceiveMessage: { permission: 'sqs:ReceiveMessage', run: receiveMessage },
  DeleteMessage: { permission: 'sqs:DeleteMessage', run: deleteMessage },
  DeleteMessageBatch: {
    permission: 'sqs:DeleteMessage',
    run: (queue, parameters) => runBatch(parameters, (entry) => deleteMessage(queue, entry)),
  },
  ChangeMessageVisibility: {
    permission: 'sqs:ChangeMessageVisibility',
    run: changeMessageVisibility,
  },
  ChangeMessageVisibilityBatch: {
    permission: 'sqs:ChangeMessageVisibility',
    run: (queue, parameters) =>
      runBatch(parameters, (entry) => changeMessageVisibility(queue, entry)),
  },
  GetQueueAttributes: { permission: 'sqs:GetQueueAttributes', run: getQueueAttributes },
  PurgeQueue: { permission: 'sqs:PurgeQueue', run: purgeQueue },
};

function sendMessageBatch(queue: LocalQueue, parameters: Parameters): Answer {
  const bytes = batchEntries(parameters).reduce((sum, entry) => sum + claimedBytes(entry), 0);
  if (bytes > MAX_MESSAGE_BYTES) {
    throw simpleQueueError(
      'BatchRequestTooLong',
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${MAX_MESSAGE_BYTES} bytes. You have sent ${bytes} bytes.`,
    );
  }
  return runBatch(parameters, (entry) => sendMessage(queue, entry));
}

/** A malformed entry counts nothing here: it is refused by itself. */
function claimedBytes(entry: Parameters): number {
  try {
    return messageBytes({ body: messageBody(entry), attributes: messageAttributes(entry) });
  } catch (error) {
    if (error instanceof SqsError) return 0;
    throw error;
  }
}

function deleteMessage(queue: LocalQueue, parameters: Parameters): Answer {
  refuseOthers(parameters, ['QueueUrl', 'Id', 'ReceiptHandle']);
  queue.delete(requiredText(parameters, 'ReceiptHandle'));
  return {};
}

function changeMessageVisibility(queue: LocalQueue, parameters: Parameters): Answer {
  refuseOthers(parameters, ['QueueUrl', 'Id', 'ReceiptHandle', 'VisibilityTimeout']);
  const timeoutSeconds = integer(parameters, 'VisibilityTimeout', [0, 43_200]);
  if (timeoutSeconds === undefined) throw missingParameter('VisibilityTimeout');
  queue.changeVisibility(requiredText(parameters, 'ReceiptHandle'), timeoutSeconds * 1_000);
  return {};
}

function purgeQueue(queue: LocalQueue, parameters: Parameters): Answer {
  refuseOthers(parameters, ['QueueUrl']);
  queue.purge();
  return {};
}
