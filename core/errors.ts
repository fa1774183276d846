/** The one error class of the product, its closed set of codes, and one table per question about a code. */
import type { Code } from '#protocol/codes';

/** May the same call succeed later? A queue redelivers only these. */
const RETRYABLE = {
  /** Data that breaks a contract: a frame, a webhook, a letter in the mailbox. */
  INVALID_INPUT: false,
  /** No or wrong proof of who is calling. */
  UNAUTHORIZED: false,
  /** Known caller, not allowed. */
  FORBIDDEN: false,
  /** An identity that was good once. */
  IDENTITY_EXPIRED: false,
  /** An identity that proves nothing: wrong issuer, audience, signature or form. */
  IDENTITY_REFUSED: false,
  /** The session does not exist or has expired. */
  SESSION_GONE: false,
  /** The chat has ended in Flex; nothing can be added to it. */
  CHAT_ENDED: false,
  /** There is no such chat. */
  NO_CHAT: false,
  /** Larger than the receiving side takes. */
  TOO_LARGE: false,
  /** A file above the stage's limit. */
  FILE_TOO_LARGE: false,
  /** A file whose type is not allowed, or is not what it says. */
  WRONG_FILE_TYPE: false,
  /** A file that is not there any more, or never was. */
  FILE_GONE: false,
  /** The session has had its number of files. */
  TOO_MANY_FILES: false,
  /** The configured back end cannot do this. */
  NOT_SUPPORTED: false,
  /** The receiving side is there and says no for good. */
  UPSTREAM_REFUSED: false,
  /** Credentials or SIDs of the deployment are wrong; an operator has to act, then a retry succeeds. */
  MISCONFIGURED: true,
  /** The customer sends too much. */
  TOO_FAST: false,
  /** What is to be judged may still be changing. */
  UNSETTLED: true,
  /** The receiving side asks us to slow down. */
  RATE_LIMITED: true,
  /** Outage, time-out or a lost answer: it may or may not have happened. */
  UPSTREAM_UNAVAILABLE: true,
} as const;

export type ChatErrorCode = keyof typeof RETRYABLE;

const WIRE_CODE: Record<ChatErrorCode, Code> = {
  INVALID_INPUT: 'bad_frame',
  UNAUTHORIZED: 'internal',
  FORBIDDEN: 'internal',
  IDENTITY_EXPIRED: 'internal',
  IDENTITY_REFUSED: 'internal',
  SESSION_GONE: 'no_chat',
  CHAT_ENDED: 'chat_ended',
  NO_CHAT: 'no_chat',
  TOO_LARGE: 'too_large',
  FILE_TOO_LARGE: 'file_too_large',
  WRONG_FILE_TYPE: 'wrong_file_type',
  FILE_GONE: 'file_expired',
  TOO_MANY_FILES: 'too_many_files',
  NOT_SUPPORTED: 'not_supported',
  UPSTREAM_REFUSED: 'undeliverable',
  MISCONFIGURED: 'unavailable',
  TOO_FAST: 'rate_limited',
  UNSETTLED: 'unavailable',
  RATE_LIMITED: 'unavailable',
  UPSTREAM_UNAVAILABLE: 'unavailable',
};

export interface ChatErrorOptions extends ErrorOptions {
  /** How long the upstream asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** `message` is for operators: what, which id, what was expected. Never a token, name, address or message body. */
export class ChatError extends Error {
  override readonly name = 'ChatError';
  readonly code: ChatErrorCode;
  readonly retryAfterMs: number | undefined;

  constructor(code: ChatErrorCode, message: string, options: ChatErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }

  get retryable(): boolean {
    return RETRYABLE[this.code];
  }
}

/** What a customer is told. Anything that is not a ChatError is a bug: `internal`. */
export function wireCode(error: unknown): Code {
  return error instanceof ChatError ? WIRE_CODE[error.code] : 'internal';
}

export function hasCode(error: unknown, code: ChatErrorCode): boolean {
  return error instanceof ChatError && error.code === code;
}
