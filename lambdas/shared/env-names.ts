/**
 * Names of the environment variables between constructs (which set them together with the
 * permission they stand for) and functions (which read them once per cold start).
 */
export const ENV = {
  /** DynamoDB table of sessions. */
  tableName: 'TABLE_NAME',
  /** URL of the FIFO queue towards Flex. */
  queueUrl: 'QUEUE_URL',
  /** On how many deliveries a letter is tried. */
  maxTries: 'MAX_TRIES',
  /** URL of the queue of wake-ups; only where idle chats are ended. */
  timersQueueUrl: 'TIMERS_QUEUE_URL',
  /** After how many minutes of silence a chat is ended. */
  idleMinutes: 'IDLE_MINUTES',
  /** Base URL of `@connections`, always the execute-api form. */
  socketCallbackUrl: 'SOCKET_CALLBACK_URL',
  /** Secret: the key that signs session tokens, as plain text. */
  sessionKeySecretArn: 'SESSION_KEY_SECRET_ARN',
  /** Secret: JSON `{ "keySid": "SK…", "keySecret": "…" }`, for calls to Twilio. */
  twilioApiKeySecretArn: 'TWILIO_API_KEY_SECRET_ARN',
  /** Secret: JSON `{ "primary": "…", "secondary"?: "…" }`, the auth tokens that sign webhooks. */
  twilioAuthTokenSecretArn: 'TWILIO_AUTH_TOKEN_SECRET_ARN',
  /** JSON of the `flex` section of the configuration, with the account SID. */
  flex: 'FLEX',
  /** Public base URL under which Twilio reaches the webhook API, without a trailing slash. */
  webhookUrl: 'WEBHOOK_URL',
  /** JSON array of exact origins. */
  allowedOrigins: 'ALLOWED_ORIGINS',
  /** `true` or `false`. */
  allowNonBrowserClients: 'ALLOW_NON_BROWSER_CLIENTS',
  /** Bytes. */
  maxBodyBytes: 'MAX_BODY_BYTES',
  /** How many messages a session may send. */
  messagesPerMinute: 'MESSAGES_PER_MINUTE',
  /** How many connections a session may have at once. */
  connectionsPerSession: 'CONNECTIONS_PER_SESSION',
  /** How many sessions one address may begin. */
  sessionsPerAddressPerMinute: 'SESSIONS_PER_ADDRESS_PER_MINUTE',
  /**
   * Where Twilio's hosts are, for the local stack: `https://host/path` becomes
   * `<this>/host/path`. Never set by a construct; absent means Twilio itself.
   */
  twilioEndpointUrl: 'TWILIO_ENDPOINT_URL',
} as const;
