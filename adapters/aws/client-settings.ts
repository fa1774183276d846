/**
 * How long a call to AWS may take and how often it is tried. Region, credentials and, for the
 * local stack, the endpoint come from the environment, as the SDK reads it by itself.
 *
 * Without `throwOnRequestTimeout` the SDK only warns, and its request timeout ends with the
 * answer's headers: the socket timeout covers a body that never comes.
 * Source: aws/aws-sdk-js-v3#6896, #7632.
 */
export const CLIENT_SETTINGS = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 1_000,
    requestTimeout: 3_000,
    socketTimeout: 3_000,
    throwOnRequestTimeout: true,
  },
};
