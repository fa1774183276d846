import { ChatError } from './errors.ts';
import type { SessionId } from './ids.ts';
import type { SharedRate } from './shared-rate.ts';

/**
 * Lets a frame through that costs calls of Flex, whose quota all customers share.
 * @throws ChatError `TOO_FAST`, `UPSTREAM_UNAVAILABLE`.
 */
export async function admitToFlex(
  { flexFrames }: { readonly flexFrames: SharedRate },
  sessionId: SessionId,
  nowMs: number,
): Promise<void> {
  if (await flexFrames.admit(sessionId, nowMs)) return;
  throw new ChatError('TOO_FAST', `session ${sessionId} asks too much of Flex`);
}
