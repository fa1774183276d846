import { hasCode } from '#core/errors';

/** Reads something of a chat; `absent` when Twilio does not know the chat. */
export async function unlessUnknown<Result>(
  absent: Result,
  read: () => Promise<Result>,
): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (hasCode(error, 'NO_CHAT')) return absent;
    throw error;
  }
}
