import type { OfflineCheck } from './check.ts';

/** How often the functions of a new AWS account run at the same time, all of them together. */
const NEW_ACCOUNT = 10;

/** What leaves half of a new account to handshakes, frames and webhooks. */
const SAFE_BATCHES = NEW_ACCOUNT / 2;

/** What needs more of AWS than a new account has; only AWS knows what this account has. */
export const concurrency: OfflineCheck = {
  name: 'concurrency',
  needs: [],
  isLive: false,
  run: ({ draft }) => {
    const { maxConcurrency = SAFE_BATCHES, reservedConcurrency } = draft.operations ?? {};
    const { customerSocket = 0, flexWebhook = 0 } = reservedConcurrency ?? {};
    const reserved = customerSocket + flexWebhook;
    if (maxConcurrency <= SAFE_BATCHES && reserved === 0) return [];
    return [
      {
        severity: 'info',
        field: reserved > 0 ? 'operations.reservedConcurrency' : 'operations.maxConcurrency',
        value: String(reserved > 0 ? reserved : maxConcurrency),
        problem: `too much for a new AWS account, whose functions run ${NEW_ACCOUNT} times at once: while Twilio is slow nobody could connect`,
        expected: `a quota of three times as many concurrent executions: ${3 * (maxConcurrency + reserved)}`,
        cure: 'compare "aws lambda get-account-settings"; raise the quota (Service Quotas > AWS Lambda) or lower the setting',
      },
    ];
  },
};
