/** The webhook of a whole service or account of Conversations, after the fact. */
export interface PostWebhook {
  /** Empty: none. */
  readonly url: string;
  /** Kept only: events before the fact are not simulated. */
  readonly preUrl: string;
  readonly method: 'GET' | 'POST';
  readonly filters: readonly string[];
}

export const NO_WEBHOOK: PostWebhook = { url: '', preUrl: '', method: 'POST', filters: [] };
