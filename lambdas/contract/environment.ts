/**
 * The environment of the functions: constructs write it together with the permission that a
 * variable stands for, functions read it once per cold start.
 */
import * as v from 'valibot';
import { FilePolicySchema } from './file-policy.ts';
import { FlexSettingsSchema } from './flex-settings.ts';
import { IdentityPolicySchema } from './identity-policy.ts';
import { flag, json, text, type Variable, wholeNumber } from './variable.ts';

export const ENV = {
  /** DynamoDB table of sessions. */
  tableName: text('TABLE_NAME'),
  /** URL of the FIFO queue towards Flex. */
  queueUrl: text('QUEUE_URL'),
  /** On how many deliveries a letter is tried. */
  maxTries: wholeNumber('MAX_TRIES'),
  /** URL of the queue of wake-ups; only where idle chats are ended. */
  timersQueueUrl: text('TIMERS_QUEUE_URL'),
  /** After how many seconds of silence a chat is ended. */
  idleSeconds: wholeNumber('IDLE_SECONDS'),
  /** Base URL of `@connections`, always the execute-api form. */
  socketCallbackUrl: text('SOCKET_CALLBACK_URL'),
  /**
   * Secret: the key that signs session tokens as plain text, or after a rotation JSON
   * `{ "keys": [{ "kid", "key", "fromMs", "untilMs"? }] }`.
   */
  sessionKeySecretArn: text('SESSION_KEY_SECRET_ARN'),
  /** Secret: JSON `{ "keySid": "SK…", "keySecret": "…" }`, for calls to Twilio. */
  twilioApiKeySecretArn: text('TWILIO_API_KEY_SECRET_ARN'),
  /** Secret: JSON `{ "primary": "…", "secondary"?: "…" }`, the auth tokens that sign webhooks. */
  twilioAuthTokenSecretArn: text('TWILIO_AUTH_TOKEN_SECRET_ARN'),
  /** What the functions have to know of Twilio and Flex. */
  flex: json('FLEX', 'the sections twilio and flex of the configuration', FlexSettingsSchema),
  /** Public base URL under which Twilio reaches the webhook API, without a trailing slash. */
  webhookUrl: text('WEBHOOK_URL'),
  /** Exact origins. */
  allowedOrigins: json('ALLOWED_ORIGINS', 'a list of origins', v.array(v.string())),
  allowNonBrowserClients: flag('ALLOW_NON_BROWSER_CLIENTS'),
  /** Bucket of uploads, only where customers send files; so are the next three. */
  filesBucket: text('FILES_BUCKET'),
  /** `https://<bucket>.s3.<region>.amazonaws.com` */
  filesBucketUrl: text('FILES_BUCKET_URL'),
  /** Which files customers may send. */
  filePolicy: json('FILE_POLICY', 'the section customers.files', FilePolicySchema),
  /** Whether only what the scanner calls clean is let through. */
  scansFiles: flag('SCANS_FILES'),
  /** Who vouches for customers, only where somebody does. */
  identity: json('IDENTITY', 'the section customers.identity', IdentityPolicySchema),
  maxBodyBytes: wholeNumber('MAX_BODY_BYTES'),
  /** How many messages a session may send. */
  messagesPerMinute: wholeNumber('MESSAGES_PER_MINUTE'),
  /** How many connections a session may have at once. */
  connectionsPerSession: wholeNumber('CONNECTIONS_PER_SESSION'),
  /** How many sessions one address may begin. */
  sessionsPerAddressPerMinute: wholeNumber('SESSIONS_PER_ADDRESS_PER_MINUTE'),
  /**
   * Where Twilio's hosts are, for the local stack: `https://host/path` becomes
   * `<this>/host/path`. Never written by a construct; absent means Twilio itself.
   */
  twilioEndpointUrl: { ...text('TWILIO_ENDPOINT_URL'), isOptional: true },
} as const satisfies Record<string, Variable<unknown>>;

export type EnvKey = keyof typeof ENV;

/** What a construct writes and a function reads. */
export type EnvValue<Key extends EnvKey> = Exclude<
  ReturnType<(typeof ENV)[Key]['read']>,
  undefined
>;
