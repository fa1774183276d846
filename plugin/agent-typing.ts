/** Tells the channel that the agent is writing. */
import type { ActionPayload, Flex, Manager } from './flex-contract.ts';

/** Flex invokes the action at every key. */
const EVERY_MS = 3_000;

/**
 * What is lost is told again in 3 s, and nobody waits for it. The token is read each time, as Flex
 * renews it, and goes nowhere but to the address that the plugin was built with.
 *
 * @param post sends a form, as `fetch` does.
 */
export function tellAgentTyping(
  { Actions }: Flex,
  manager: Manager,
  signalUrl: string,
  post: typeof fetch,
): void {
  const toldAtMs = new Map<string, number>();
  Actions?.addListener?.('afterSendTyping', (payload) => {
    const sid = conversationOf(payload);
    const token = manager.user?.token;
    const nowMs = performance.now();
    if (sid === undefined || typeof token !== 'string') return;
    if (nowMs - (toldAtMs.get(sid) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return;
    toldAtMs.set(sid, nowMs);
    post(signalUrl, {
      method: 'POST',
      // A form, since a browser asks nobody before it sends one.
      body: new URLSearchParams({ Token: token, ConversationSid: sid }),
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    }).catch(() => {});
  });
}

function conversationOf({ conversationSid, conversation }: ActionPayload): string | undefined {
  const sid = conversationSid ?? conversation?.source?.sid;
  return typeof sid === 'string' && sid.startsWith('CH') ? sid : undefined;
}
