/** Reads the parameters of a request, refusing what SQS would refuse. */
import type { Parameters } from '../aws/json-protocol.ts';
import { checkMessageAttributes, type MessageAttributes } from './message-attributes.ts';
import type { QueueSettings } from './queue-settings.ts';
import { invalidParameter, missingParameter, notEmulated, SqsError } from './sqs-error.ts';

/** Letters, digits and punctuation, no blanks. Source: SQS API reference, SendMessage. */
const FIFO_ID = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

/** Source: SQS API reference, SendMessage: XML 1.0 without its control characters. */
const FORBIDDEN_CHARACTERS = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** @throws SqsError for a parameter that would be passed over in silence. */
export function refuseOthers(parameters: Parameters, known: readonly string[]): void {
  const other = Object.keys(parameters).find((name) => !known.includes(name));
  if (other !== undefined) throw notEmulated(`The parameter ${other}`);
}

export function requiredText(parameters: Parameters, name: string): string {
  const value = optionalText(parameters, name);
  if (value === undefined || value === '') throw missingParameter(name);
  return value;
}

export function optionalText(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalidParameter(name, value, 'Must be a string.');
  return value;
}

export function integer(
  parameters: Parameters,
  name: string,
  range: readonly [min: number, max: number],
): number | undefined {
  const value = parameters[name];
  if (value === undefined || value === null) return undefined;
  const [min, max] = range;
  if (!Number.isInteger(value) || Number(value) < min || Number(value) > max) {
    throw invalidParameter(name, value, `Must be an integer from ${min} to ${max}.`);
  }
  return Number(value);
}

export function texts(parameters: Parameters, name: string): string[] {
  const value = parameters[name] ?? [];
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) {
    throw invalidParameter(name, JSON.stringify(value), 'Must be a list of strings.');
  }
  return value;
}

export function messageBody(parameters: Parameters): string {
  const body = requiredText(parameters, 'MessageBody');
  // An unpaired surrogate is no character at all.
  if (FORBIDDEN_CHARACTERS.test(body) || !body.isWellFormed()) {
    throw new SqsError(
      'InvalidMessageContents',
      'InvalidMessageContents',
      'Invalid characters in the message body.',
    );
  }
  return body;
}

export function messageAttributes(parameters: Parameters): MessageAttributes {
  const attributes = parameters['MessageAttributes'] ?? {};
  if (!isObject(attributes) || !Object.values(attributes).every(isObject)) {
    throw invalidParameter('MessageAttributes', JSON.stringify(attributes), 'Must be a map.');
  }
  return checkMessageAttributes(attributes as MessageAttributes);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function groupId(parameters: Parameters): string {
  const id = requiredText(parameters, 'MessageGroupId');
  if (!FIFO_ID.test(id)) throw invalidFifoId('MessageGroupId', id);
  return id;
}

/** @param contentDigest what stands for the id when the queue deduplicates by content. */
export function deduplicationId(
  parameters: Parameters,
  settings: QueueSettings,
  contentDigest: () => string,
): string {
  const id = optionalText(parameters, 'MessageDeduplicationId');
  if (id === undefined && settings.contentBasedDeduplication) return contentDigest();
  if (id === undefined) {
    throw new SqsError(
      'InvalidParameterValueException',
      'InvalidParameterValue',
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  if (!FIFO_ID.test(id)) throw invalidFifoId('MessageDeduplicationId', id);
  return id;
}

function invalidFifoId(name: string, id: string): SqsError {
  return invalidParameter(
    name,
    id,
    `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}
