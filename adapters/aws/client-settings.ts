import { createFreshAgents } from '#adapters/http/fresh-agents';

/**
 * The SDK repeats a call whose kept connection was closed, so connections may be kept for longer than
 * those to Twilio. But after a freeze all that were kept may be closed, and there are only two or three
 * tries. For how long AWS waits is documented for none of these services: unconfirmed.
 */
const MAX_IDLE_MS = 20_000;

/**
 * How long a call to AWS may take and how often it is tried. Region, credentials and, for the
 * local stack, the endpoint come from the environment, as the SDK reads it by itself.
 *
 * Without `throwOnRequestTimeout` the SDK only warns. Its request timeout ends when the answer's
 * headers come; the socket timeout ends the wait for a body that never comes.
 * Source: aws/aws-sdk-js-v3#6896, #7632.
 */
export const CLIENT_SETTINGS = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 1_000,
    requestTimeout: 3_000,
    socketTimeout: 3_000,
    throwOnRequestTimeout: true,
    ...createFreshAgents(MAX_IDLE_MS),
  },
};
