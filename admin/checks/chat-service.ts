import { orAbsent, type Twilio } from '../twilio/client.ts';
import type { Drafted, Finding, LiveCheck } from './check.ts';

const FIELD = 'twilio.chatServiceSid';

/** The chat service has to be the one in which Flex's agents look, and Conversations' default. */
export const chatService = {
  name: 'chat service',
  needs: [FIELD],
  isLive: true,
  async run({ draft }: Drafted, twilio: Twilio): Promise<Finding[]> {
    const sid = draft.twilio?.chatServiceSid ?? '';
    const [service, expected] = await Promise.all([
      orAbsent(twilio.chat.v2.services(sid).fetch()),
      expectedServices(twilio),
    ]);
    if (service === undefined) return [unknown(sid, expected)];
    return [
      ...(expected.flex === sid ? [] : [other(sid, expected.flex, "Flex's chat service")]),
      ...(expected.default === sid || draft.flex?.backEnd === 'programmable-chat'
        ? []
        : [other(sid, expected.default, 'the default conversation service')]),
    ];
  },
} satisfies LiveCheck;

interface Expected {
  readonly flex: string;
  readonly default: string;
}

async function expectedServices(twilio: Twilio): Promise<Expected> {
  const [flex, conversations] = await Promise.all([
    twilio.flexApi.v1.configuration().fetch(),
    twilio.conversations.v1.configuration().fetch(),
  ]);
  return { flex: flex.chatServiceInstanceSid, default: conversations.defaultChatServiceSid };
}

const unknown = (sid: string, expected: Expected): Finding => ({
  severity: 'error',
  field: FIELD,
  value: sid,
  problem: 'the account has no such chat service',
  expected: `${expected.flex}, which Flex uses`,
  cure: `set ${FIELD} to ${expected.flex}`,
});

const other = (sid: string, expected: string, role: string): Finding => ({
  severity: 'error',
  field: FIELD,
  value: sid,
  problem: `it is not ${role}, so no agent would see the chats`,
  expected: `${expected}, ${role}`,
  cure:
    role === "Flex's chat service"
      ? `set ${FIELD} to ${expected}`
      : `make ${sid} the default (Console > Conversations > Manage > Defaults), or set ${FIELD} to ${expected}`,
});
