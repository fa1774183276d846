import { ChatError } from '#core/errors';
import type { SessionId } from '#core/ids';
import type { SharedRate } from '#core/shared-rate';

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
