/** Settings of the chat service that Programmable Chat and Conversations share. */
export interface ChatService {
  friendlyName: string;
  /** Kept only: events before the fact are not simulated. Empty: none. */
  preWebhookUrl: string;
  /** Called after the events that the filters name, in any channel. Empty: none. */
  postWebhookUrl: string;
  webhookMethod: 'GET' | 'POST';
  webhookFilters: readonly string[];
  preWebhookRetryCount: number;
  postWebhookRetryCount: number;
  readonly createdAtMs: number;
  updatedAtMs: number;
}

export const newChatService = (nowMs: number): ChatService => ({
  friendlyName: 'Flex Chat Service',
  preWebhookUrl: '',
  postWebhookUrl: '',
  webhookMethod: 'POST',
  webhookFilters: [],
  preWebhookRetryCount: 0,
  postWebhookRetryCount: 0,
  createdAtMs: nowMs,
  updatedAtMs: nowMs,
});
