/** Why a frame was refused (`error`) or an accepted message will not reach Flex (`rejected`). */
export const CODES = [
  'bad_frame',
  'unknown_action',
  'too_large',
  'rate_limited',
  'chat_ended',
  'no_chat',
  'not_supported',
  'unavailable',
  'undeliverable',
  'unsafe_file',
  'wrong_file_type',
  'file_too_large',
  'file_expired',
  'too_many_files',
  'internal',
] as const;

/** Why the server refused something: docs/protocol.md tells what each means. */
export type Code = (typeof CODES)[number];
