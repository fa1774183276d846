import { CODES, type Code } from '#protocol/codes';

/** Found before anything is sent. `bad_frame`: its attributes can't be told as a JSON object. */
export type SendProblem = 'empty' | 'too_large' | 'bad_frame' | 'chat_ended' | 'outbox_full';

/** A call that the client or the server refused. */
export class ChatClientError extends Error {
  override readonly name = 'ChatClientError';
  readonly code: Code | SendProblem;

  constructor(code: Code | SendProblem, message: string = code) {
    super(message);
    this.code = code;
  }
}

/** Whether the same frame can succeed a little later. */
const RETRYABLE: Readonly<Record<Code, boolean>> = {
  bad_frame: false,
  unknown_action: false,
  too_large: false,
  rate_limited: true,
  chat_ended: false,
  no_chat: false,
  not_supported: false,
  unavailable: true,
  undeliverable: false,
  internal: false,
};

/** @returns the server's code; `internal` for anything that is not a refusal. */
export function codeOf(error: unknown): Code {
  const code = error instanceof ChatClientError ? error.code : 'internal';
  return CODES.find((candidate) => candidate === code) ?? 'internal';
}

export function isRetryable(code: Code): boolean {
  return RETRYABLE[code];
}
