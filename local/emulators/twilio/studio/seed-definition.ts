import type { FlowDefinition } from './definition.ts';

const DEFAULT_REPLY = 'Thanks for your message. An agent will be with you shortly.';

/** A flow that answers once and sends to the account's first workflow, if there is one. */
export function seedDefinition(
  reply = DEFAULT_REPLY,
  workflow: { readonly sid: string; readonly taskChannel?: string } | undefined,
): FlowDefinition {
  const sendToFlex = workflow && {
    name: 'send_to_flex',
    type: 'send-to-flex',
    transitions: [
      { event: 'callComplete' },
      { event: 'failedToEnqueue' },
      { event: 'callFailure' },
    ],
    properties: {
      workflow: workflow.sid,
      channel: workflow.taskChannel ?? 'chat',
      attributes: '{"channelType":"web"}',
    },
  };
  return {
    description: 'Answers and sends to Flex',
    initial_state: 'Trigger',
    states: [
      {
        name: 'Trigger',
        type: 'trigger',
        transitions: [
          { event: 'incomingMessage', next: 'reply' },
          { event: 'incomingConversationMessage', next: 'reply' },
        ],
        properties: {},
      },
      {
        name: 'reply',
        type: 'send-message',
        transitions: [
          { event: 'sent', ...(sendToFlex && { next: sendToFlex.name }) },
          { event: 'failed' },
        ],
        properties: { body: reply },
      },
      ...(sendToFlex ? [sendToFlex] : []),
    ],
  };
}
