import type { PostWebhook } from '../model.ts';

export const NO_WEBHOOK: PostWebhook = { url: '', preUrl: '', method: 'POST', filters: [] };
