/** What the plugin of this channel does in an agent's Flex, and what it shows there. */
import * as v from 'valibot';
import { issueToken } from '../iam/flex-token.ts';
import type { Task } from '../taskrouter/model.ts';
import type { World } from '../world/world.ts';
import { AgentError, conversationOf } from './agent.ts';

const FLEX_ORIGIN = 'https://flex.twilio.com';
const HOUR_MS = 60 * 60_000;

/** For so long a sign of the customer is shown. */
const SHOWN_MS = 6_000;

const AttributesSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ flexChannel: v.object({ typingAt: v.pipe(v.string(), v.isoTimestamp()) }) }),
);

/** The token of the agent who has the task, as Flex's page holds it. @throws AgentError */
export function tokenOf({ account, nowMs }: World, { agentIdentity, sid }: Task): string {
  if (agentIdentity === undefined) throw new AgentError(409, `Task ${sid} is not accepted`);
  const token = {
    account: account.accountSid,
    identity: agentIdentity,
    // The same for a while, as a page of Flex keeps it.
    expiresAtMs: (Math.floor(nowMs() / HOUR_MS) + 2) * HOUR_MS,
  };
  return issueToken(account, token);
}

/** The agent types: the plugin tells the channel. @throws AgentError when there is no plugin. */
export async function tellTyping(world: World, task: Task): Promise<{ readonly status: number }> {
  const { signalUrl } = world;
  if (signalUrl === undefined) throw new AgentError(409, 'No plugin is installed');
  const { status } = await fetch(signalUrl, {
    method: 'POST',
    headers: { origin: FLEX_ORIGIN },
    body: new URLSearchParams({
      Token: tokenOf(world, task),
      ConversationSid: conversationOf(world, task).sid,
    }),
  });
  return { status };
}

/** Whether the plugin would show that the customer is typing. */
export function isCustomerTyping(world: World, task: Task): boolean {
  const conversation = world.conversations.get(task.conversationSid ?? '');
  return (conversation?.participants ?? []).some(({ attributes }) => {
    const read = v.safeParse(AttributesSchema, attributes);
    if (!read.success) return false;
    const typingAtMs = Date.parse(read.output.flexChannel.typingAt);
    const hasWritten = conversation?.messages.some(({ createdAtMs }) => createdAtMs > typingAtMs);
    return !hasWritten && world.nowMs() - typingAtMs < SHOWN_MS;
  });
}
