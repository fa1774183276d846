/**
 * Limits of the wire protocol. Sizes are UTF-8 bytes unless the name says otherwise.
 */

/** The only subprotocol; offered by the client and echoed by the server. */
export const SUBPROTOCOL = 'flex-channel.v1';

/** Largest frame or event. API Gateway closes a connection (1009) on a frame above it. */
export const MAX_FRAME_BYTES = 32_768;

/** Default and highest setting for the body of one message. */
export const DEFAULT_MAX_BODY_BYTES = 8_192;
export const HIGHEST_MAX_BODY_BYTES = 16_384;

/** Customer-supplied message attributes, as JSON. Twilio allows 4 KB including what we add. */
export const MAX_ATTRIBUTES_BYTES = 2_048;

/** A whole profile, as JSON. It is copied into task and channel attributes, which hold 16 KB. */
export const MAX_PROFILE_BYTES = 4_096;

/** A session token; those that are issued have some hundred bytes. */
export const MAX_TOKEN_BYTES = 4_096;

/** An identity; a handshake's headers have 10,240 bytes in all. */
export const MAX_IDENTITY_BYTES = 8_192;

export const MAX_REF_CHARACTERS = 64;

/** A file's name, in characters; longer ones help nobody. */
export const MAX_FILENAME_CHARACTERS = 200;

/** Default and highest setting for one file. A function holds it in memory on its way to Twilio. */
export const DEFAULT_MAX_FILE_BYTES = 10_485_760;
export const HIGHEST_MAX_FILE_BYTES = 16_777_216;

export const DEFAULT_HISTORY_LIMIT = 50;
export const MAX_HISTORY_LIMIT = 100;

/** How many of a session's message ids are remembered, so that repeating one is harmless. */
export const REMEMBERED_MESSAGE_IDS = 20;

/** UTF-8 size of a text; a lone surrogate counts as the replacement character it is sent as. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}
