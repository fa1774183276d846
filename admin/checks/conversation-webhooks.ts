import { type Finding, isConversations, type LiveCheck } from './check.ts';

const SAMPLE = 20;
/** Source: https://www.twilio.com/docs/conversations-classic/conversations-limits */
const MOST_WEBHOOKS = 5;

/** Finds open conversations that already have as many webhooks as Twilio allows. */
export const conversationWebhooks: LiveCheck = {
  name: 'webhooks of open conversations',
  needs: ['twilio.chatServiceSid'],
  isLive: true,
  appliesTo: isConversations,
  async run({ draft, webhookUrl }, twilio) {
    const service = twilio.conversations.v1.services(draft.twilio?.chatServiceSid ?? '');
    const open = await service.conversations.list({ state: 'active', limit: SAMPLE });
    const findings: Finding[] = [];
    for (const { sid } of open) {
      const webhooks = await service.conversations(sid).webhooks.list();
      const addresses = webhooks.map(({ configuration }) => String(configuration?.url ?? ''));
      if (webhooks.length >= MOST_WEBHOOKS) findings.push(full(sid, addresses, webhookUrl));
    }
    return findings;
  },
};

function full(sid: string, addresses: readonly string[], webhookUrl: string | undefined): Finding {
  const others = addresses.filter((url) => url && !(webhookUrl && url.startsWith(webhookUrl)));
  return {
    severity: 'warning',
    field: 'twilio.chatServiceSid',
    value: sid,
    problem: `this conversation has ${MOST_WEBHOOKS} webhooks, the most that Twilio allows (error 50361)`,
    expected: 'room for the two webhooks of this channel, three with Studio',
    cure: `let other systems use fewer; here they are ${others.join(', ') || 'none'}`,
  };
}
