import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { clientMessageId, sessionId } from '#core/ids';
import type { FlexMailbox, Letter } from '#core/ports';
import { ChoiceSchema } from '#protocol/content';
import { awsError } from './aws-errors.ts';
import { parseStoredJson } from './parse-stored.ts';
import { createSqsClient } from './sqs-client.ts';

/** How the queue carries the reason `unverified`: under the name that it had first. */
const UNVERIFIED_REASON = 'doubt';

const common = {
  v: v.literal(1),
  sessionId: v.pipe(v.string(), v.nonEmpty(), v.transform(sessionId)),
};

const LetterSchema = v.variant('kind', [
  v.object({
    ...common,
    kind: v.literal('message'),
    id: v.pipe(v.string(), v.nonEmpty(), v.transform(clientMessageId)),
    body: v.string(),
    acceptedAtMs: v.number(),
    chat: v.exactOptional(v.number()),
    attributes: v.exactOptional(v.record(v.string(), v.unknown())),
    choice: v.exactOptional(ChoiceSchema),
  }),
  v.object({
    ...common,
    kind: v.literal('file'),
    id: v.pipe(v.string(), v.nonEmpty(), v.transform(clientMessageId)),
    filename: v.string(),
    contentType: v.string(),
    key: v.string(),
    eTag: v.string(),
    acceptedAtMs: v.number(),
    chat: v.exactOptional(v.number()),
  }),
  v.object({ ...common, kind: v.literal('read'), chat: v.number(), index: v.number() }),
  v.object({ ...common, kind: v.literal('end'), chat: v.number() }),
  v.object({
    ...common,
    kind: v.literal('look'),
    chat: v.number(),
    reason: v.pipe(
      v.picklist(['canceled', 'deleted', 'failed', 'left', UNVERIFIED_REASON]),
      v.transform((reason) => (reason === UNVERIFIED_REASON ? 'unverified' : reason)),
    ),
    taskSid: v.exactOptional(v.string()),
    sureFromMs: v.number(),
  }),
]);

/** The mailbox on a FIFO queue: one message group per session. */
export class SqsFlexMailbox implements FlexMailbox {
  readonly #queueUrl: string;
  readonly #client: SQSClient;

  constructor(queueUrl: string, client = createSqsClient()) {
    this.#queueUrl = queueUrl;
    this.#client = client;
  }

  async send(letter: Letter, deliveryKey: string): Promise<void> {
    const command = new SendMessageCommand({
      QueueUrl: this.#queueUrl,
      MessageBody: encodeLetter(letter),
      MessageGroupId: letter.sessionId,
      MessageDeduplicationId: await deduplicationId(letter, deliveryKey),
    });
    try {
      await this.#client.send(command);
    } catch (error) {
      throw awsError('sqs SendMessage', error);
    }
  }
}

/**
 * A letter as the queue carries it; `v` is the version of this format. SQS refuses U+FFFE and
 * U+FFFF; JSON escapes other characters that it does not take.
 * Source: SQS API reference, SendMessage.
 */
export function encodeLetter(letter: Letter): string {
  const isUnverified = letter.kind === 'look' && letter.reason === 'unverified';
  const carried = isUnverified ? { ...letter, reason: UNVERIFIED_REASON } : letter;
  return JSON.stringify({ v: 1, ...carried }).replace(
    /[\uFFFE\uFFFF]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );
}

/**
 * Reads the body of a queue record.
 * @throws ChatError `INVALID_INPUT` when it is no letter of a known version.
 */
export function parseLetter(body: string): Letter {
  const { v: _version, ...letter } = parseStoredJson(LetterSchema, body, 'letter');
  return letter;
}

/**
 * SQS takes at most 128 characters and no blanks, a delivery key may be any text. The session
 * is part of it, so that it means the same whether the queue deduplicates per group or not.
 * Source: SQS developer guide, "Quotas related to messages".
 */
async function deduplicationId(letter: Letter, deliveryKey: string): Promise<string> {
  const text = new TextEncoder().encode(`${letter.sessionId} ${deliveryKey}`);
  return Buffer.from(await crypto.subtle.digest('SHA-256', text)).toString('hex');
}
