import type { ChatRef } from '#core/session';

/** Names a chat's channel for ever. Twilio refuses names that look like a SID; this has a dash. */
export function uniqueName({ sessionId, number }: ChatRef): string {
  return `${sessionId}-${number}`;
}
