/**
 * The Studio flow that `provision` makes: a greeting, then Send to Flex. It is a start to build
 * on in Studio's editor.
 *
 * Source: https://www.twilio.com/docs/studio/rest-api/v2/flow-definition and, for the widget,
 * https://www.twilio.com/docs/studio/widget-library/send-flex
 */
import type { Config } from '#lib/config-schema';

export interface FlowOptions {
  readonly backEnd: Config['flex']['backEnd'];
  readonly workflowSid: string;
  readonly taskChannelSid: string;
}

const GREETING = 'Thanks for your message. An agent will be with you shortly.';

/** What the widget draws beside the greeting; clients that don't know it show the greeting alone. */
const OFFER = {
  flexChannel: {
    content: {
      type: 'quickReply',
      actions: [
        { type: 'reply', id: 'order', title: 'It is about an order' },
        { type: 'reply', id: 'other', title: 'Something else' },
      ],
    },
  },
};

const SEND_TO_FLEX = 'send_to_flex';

/** How the two back ends name what they tell a flow. */
const TRIGGERS = {
  conversations: {
    event: 'incomingConversationMessage',
    attributes: 'trigger.conversation.ChannelAttributes',
    customerName: 'trigger.conversation.ChannelAttributes.from',
    // The channel has cut it down to what fits into a task.
    task: 'trigger.conversation.ChannelAttributes.task',
    channelSid: 'trigger.conversation.ConversationSid',
  },
  'programmable-chat': {
    event: 'incomingMessage',
    attributes: 'trigger.message.ChannelAttributes',
    // Flex Channels with a target keep that as `from`, so the name is where the chat began.
    customerName:
      'trigger.message.ChannelAttributes.pre_engagement_data.name | default: "Customer"',
    task: undefined,
    channelSid: 'trigger.message.ChannelSid',
  },
} as const;

type Trigger = (typeof TRIGGERS)[FlowOptions['backEnd']];

/** What Studio's editor calls the trigger by which a back end starts a flow. */
export const triggerName = (backEnd: FlowOptions['backEnd']): string =>
  backEnd === 'conversations' ? 'Incoming Conversation' : 'Incoming Message';

/** Does a widget follow the trigger by which this back end starts a flow? */
export function isStartedBy(backEnd: FlowOptions['backEnd'], definition: unknown): boolean {
  const { states = [] } = (definition ?? {}) as {
    states?: { type?: string; transitions?: { event?: string; next?: string }[] }[];
  };
  const transitions = states.find(({ type }) => type === 'trigger')?.transitions ?? [];
  return transitions.some(({ event, next }) => event === TRIGGERS[backEnd].event && next);
}

export function studioFlowDefinition({ backEnd, workflowSid, taskChannelSid }: FlowOptions) {
  const trigger = TRIGGERS[backEnd];
  return {
    description: 'Greets a customer of the chat channel and sends the chat to Flex.',
    initial_state: 'Trigger',
    flags: { allow_concurrent_calls: true },
    states: [
      widget('Trigger', 'trigger', 0, triggerTransitions(trigger.event), {}),
      widget(
        'greeting',
        'send-message',
        200,
        [on('sent', SEND_TO_FLEX), on('failed', SEND_TO_FLEX)],
        {
          // Studio's editor fills in the same; with both back ends Studio finds the chat by it.
          service: '{{trigger.message.InstanceSid}}',
          channel: '{{trigger.message.ChannelSid}}',
          from: '{{flow.channel.address}}',
          to: '{{contact.channel.address}}',
          message_type: 'custom',
          body: GREETING,
          attributes: JSON.stringify(OFFER),
        },
      ),
      widget(
        SEND_TO_FLEX,
        'send-to-flex',
        400,
        [on('callComplete'), on('failedToEnqueue'), on('callFailure')],
        {
          workflow: workflowSid,
          channel: taskChannelSid,
          attributes: taskAttributes(trigger),
          priority: '0',
          timeout: '86400',
        },
      ),
    ],
  };
}

/** The template of a task's attributes; the filter quotes what customers typed. At most 1,024 characters. */
function taskAttributes({ attributes, task, customerName, channelSid }: Trigger): string {
  return [
    '{',
    `"name": {{${customerName} | to_json}},`,
    ...(task === undefined
      ? []
      : [`"subject": {{${task}.subject | to_json}},`, `"cut": {{${task}.cut | to_json}},`]),
    // The stock Flex UI draws a task of this type as a chat, without a plugin.
    '"channelType": "web",',
    `"channelSid": "{{${channelSid}}}",`,
    `"pre_engagement_data": {{${task ?? attributes}.pre_engagement_data | to_json}}`,
    '}',
  ].join(' ');
}

const triggerTransitions = (started: string) =>
  [
    'incomingMessage',
    'incomingCall',
    'incomingConversationMessage',
    'incomingRequest',
    'incomingParent',
  ].map((event) => (event === started ? on(event, 'greeting') : on(event)));

const on = (event: string, next?: string) => (next === undefined ? { event } : { next, event });

const widget = (
  name: string,
  type: string,
  y: number,
  transitions: readonly object[],
  properties: object,
) => ({ name, type, transitions, properties: { offset: { x: 0, y }, ...properties } });
