import type { Code } from '#protocol/codes';

/** Found before anything is sent. `bad_frame`: its attributes can't be told as a JSON object. */
export type SendProblem = 'empty' | 'too_large' | 'bad_frame' | 'chat_ended' | 'outbox_full';

/** `bad_argument`: the page has called the client in a wrong way; the message names what is wrong. */
export type ErrorCode = Code | SendProblem | 'bad_argument' | 'blocked';

/** A call that the client or the server refused. */
export class ChatClientError extends Error {
  override readonly name = 'ChatClientError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string = code) {
    super(message);
    this.code = code;
  }
}

/** @throws ChatClientError `bad_argument` unless `isRight`. */
export function insist(isRight: unknown, message: string): asserts isRight {
  if (!isRight) throw new ChatClientError('bad_argument', message);
}

/** Of the same frame, a little later, something else may come. */
const RETRYABLE: readonly Code[] = ['rate_limited', 'unavailable'];

/** @returns the server's code; `internal` for anything that is not a refusal. */
export function codeOf(error: unknown): Code {
  return error instanceof ChatClientError ? (error.code as Code) : 'internal';
}

export function isRetryable(error: unknown): boolean {
  return RETRYABLE.includes(codeOf(error));
}
