import { SqsError } from './sqs-error.ts';

/** Names one delivery of one message. */
export interface ReceiptHandle {
  readonly messageId: string;
  readonly nonce: string;
}

/** SQS's own handles begin like this, too. */
const PREFIX = 'AQEB';

export function formatReceiptHandle({ messageId, nonce }: ReceiptHandle): string {
  return PREFIX + Buffer.from(`${messageId} ${nonce}`).toString('base64');
}

export function parseReceiptHandle(text: string): ReceiptHandle {
  const content = Buffer.from(text.slice(PREFIX.length), 'base64').toString();
  const [messageId, nonce, ...others] = content.split(' ');
  const handle = { messageId: messageId ?? '', nonce: nonce ?? '' };
  if (others.length > 0 || formatReceiptHandle(handle) !== text) {
    throw new SqsError(
      'ReceiptHandleIsInvalid',
      'ReceiptHandleIsInvalid',
      'The input receipt handle is invalid.',
    );
  }
  return handle;
}
