/** Message attributes as the JSON protocol writes them, their checks, size and digest. */
import { createHash } from 'node:crypto';
import { SqsError } from './sqs-error.ts';

export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, optionally with a label: `Number.int`. */
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const NAME = /^(?!aws\.|amazon\.)(?!\.)(?!.*\.\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/i;
const DATA_TYPE = /^(String|Number|Binary)(\..+)?$/;
const MAX_ATTRIBUTES = 10;

/** Source: SQS developer guide, "Amazon SQS message metadata". */
export function checkMessageAttributes(attributes: MessageAttributes): MessageAttributes {
  const names = Object.keys(attributes);
  if (names.length > MAX_ATTRIBUTES) {
    throw refusal(
      `Number of message attributes [${names.length}] exceeds the allowed maximum [10].`,
    );
  }
  for (const [name, attribute] of Object.entries(attributes)) checkAttribute(name, attribute);
  return attributes;
}

function checkAttribute(name: string, { DataType, StringValue, BinaryValue }: MessageAttribute) {
  if (!NAME.test(name)) throw refusal(`The message attribute name '${name}' is invalid.`);
  if (!DATA_TYPE.test(DataType ?? '')) {
    throw refusal(`The type of message attribute '${name}' is invalid.`);
  }
  const isBinary = DataType.startsWith('Binary');
  const [value, other] = isBinary ? [BinaryValue, StringValue] : [StringValue, BinaryValue];
  if (!value || other !== undefined) {
    throw refusal(`The message attribute '${name}' must contain a non-empty value of its type.`);
  }
  if (DataType.startsWith('Number') && !Number.isFinite(Number(value))) {
    throw refusal(`Can't cast the value of message attribute '${name}' to a number.`);
  }
}

/** Names, types and values count. */
export function attributesBytes(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (bytes, [name, attribute]) =>
      bytes +
      Buffer.byteLength(name) +
      Buffer.byteLength(attribute.DataType) +
      bytesOf(attribute).length,
    0,
  );
}

/**
 * @returns undefined without attributes.
 * Source: SQS developer guide, "Calculating the MD5 message digest for message attributes".
 */
export function attributesDigest(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const digest = createHash('md5');
  for (const name of names) {
    const attribute = attributes[name] as MessageAttribute;
    digest.update(withLength(Buffer.from(name)));
    digest.update(withLength(Buffer.from(attribute.DataType)));
    digest.update(Buffer.of(attribute.BinaryValue === undefined ? 1 : 2));
    digest.update(withLength(bytesOf(attribute)));
  }
  return digest.digest('hex');
}

export function bodyDigest(body: string): string {
  return createHash('md5').update(body).digest('hex');
}

function bytesOf({ StringValue, BinaryValue }: MessageAttribute): Buffer {
  return BinaryValue === undefined
    ? Buffer.from(StringValue ?? '')
    : Buffer.from(BinaryValue, 'base64');
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function refusal(message: string): SqsError {
  return new SqsError('InvalidParameterValueException', 'InvalidParameterValue', message);
}
