import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { sessionId } from '#core/ids';
import type { ChatTimer, ChatTimers } from '#core/ports';
import { awsError } from './aws-errors.ts';
import { parseStoredJson } from './parse-stored.ts';
import { createSqsClient } from './sqs-client.ts';

const TimerSchema = v.object({
  v: v.literal(1),
  sessionId: v.pipe(v.string(), v.nonEmpty(), v.transform(sessionId)),
  chat: v.number(),
  atMs: v.number(),
  warned: v.exactOptional(v.object({ sinceMs: v.number(), endsAtMs: v.number() })),
});

/** Wake-ups as messages of a standard queue, which holds each back for its own time. */
export class SqsChatTimers implements ChatTimers {
  readonly #queueUrl: string;
  readonly #client: SQSClient;

  constructor(queueUrl: string, client = createSqsClient()) {
    this.#queueUrl = queueUrl;
    this.#client = client;
  }

  async set(timer: ChatTimer, delayMs: number): Promise<void> {
    const command = new SendMessageCommand({
      QueueUrl: this.#queueUrl,
      MessageBody: JSON.stringify({ v: 1, ...timer }),
      // SQS counts whole seconds. Rounded up: a wake-up that comes too early is wasted.
      DelaySeconds: Math.max(0, Math.ceil(delayMs / 1000)),
    });
    try {
      await this.#client.send(command);
    } catch (error) {
      throw awsError('sqs SendMessage', error);
    }
  }
}

/**
 * Reads the body of a queue record.
 * @throws ChatError `INVALID_INPUT` when it is no wake-up of a known version.
 */
export function parseChatTimer(body: string): ChatTimer {
  const { v: _version, ...timer } = parseStoredJson(TimerSchema, body, 'wake-up');
  return timer;
}
