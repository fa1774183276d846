/** Where Twilio and the plugin call us, below the public address of the webhooks: registered here, served by the REST API. */
export const WEBHOOK_PATHS = {
  /** Messages of a chat, followed by its session; of all chats without one. */
  newMessage: 'new-message',
  /** Participants, states and interactions; with and without a session likewise. */
  channelUpdate: 'channel-update',
  /** Tasks of all chats, from Event Streams. */
  taskEvent: 'task-event',
  /** From the plugin in Flex's user interface, not from Twilio. */
  agentSignal: 'agent-signal',
} as const;
