import type { ChatService } from '../model.ts';

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
