/** What customers and Twilio are told about an error: one row per code. */
import type { ChatErrorCode } from '#core/errors';
import type { Code } from '#protocol/codes';

/** Text beside an error code on the wire: fixed, so that it can't hold anyone's data. */
export const ERROR_TEXT: Record<Code, string> = {
  bad_frame: 'the frame does not follow the protocol',
  unknown_action: 'the action is not known',
  too_large: 'larger than this chat takes',
  rate_limited: 'too many frames, slow down',
  chat_ended: 'this chat has ended',
  no_chat: 'there is no such chat',
  not_supported: 'not supported by this chat',
  unavailable: 'not available right now, try again',
  undeliverable: 'could not be delivered',
  unsafe_file: 'the file is not safe',
  wrong_file_type: 'files of this type are not taken',
  file_too_large: 'the file is too large',
  file_expired: 'the file is not there any more',
  too_many_files: 'no more files are taken in this session',
  internal: 'something went wrong on our side',
};

/**
 * Status of a webhook's answer. Twilio repeats no webhook because of it, but shows 5xx in its
 * debugger.
 */
export const HTTP_STATUS: Record<ChatErrorCode, number> = {
  INVALID_INPUT: 400,
  UNAUTHORIZED: 403,
  FORBIDDEN: 403,
  IDENTITY_EXPIRED: 403,
  IDENTITY_REFUSED: 403,
  SESSION_GONE: 404,
  CHAT_ENDED: 409,
  NO_CHAT: 404,
  TOO_LARGE: 413,
  FILE_TOO_LARGE: 413,
  WRONG_FILE_TYPE: 415,
  FILE_GONE: 404,
  TOO_MANY_FILES: 429,
  NOT_SUPPORTED: 400,
  UPSTREAM_REFUSED: 502,
  MISCONFIGURED: 500,
  TOO_FAST: 429,
  UNSETTLED: 503,
  RATE_LIMITED: 503,
  UPSTREAM_UNAVAILABLE: 503,
};
