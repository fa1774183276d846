/** What `config/<stage>.json` may say. Messages finish the sentence "expected …" and name the cure. */
import * as v from 'valibot';
import { origin, parsedUrl, section, wholeNumber } from '#lambdas/contract/fields';
import { FilePolicySchema } from '#lambdas/contract/file-policy';
import { FlexSchema, TwilioSchema } from '#lambdas/contract/flex-settings';
import { IdentityPolicySchema } from '#lambdas/contract/identity-policy';
import { DEFAULT_MAX_BODY_BYTES, HIGHEST_MAX_BODY_BYTES } from '#protocol/limits';

/** CloudWatch Logs takes no other numbers of days. Source: PutRetentionPolicy, API reference. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
] as const;

const WEEK_MINUTES = 7 * 24 * 60;

const ORIGINS = 'a list of origins, empty only with allowNonBrowserClients: true';

const WEBHOOK_URL =
  'the https base URL under which Twilio reaches the webhook API, such as ' +
  '"https://flex-webhooks.example.com", without query or trailing slash; without a custom domain leave the field out';

const INTAKES = ['rest', 'http'] as const;

const webhookUrl = v.pipe(
  v.string(WEBHOOK_URL),
  v.check((value) => {
    const url = parsedUrl(value);
    return url !== undefined && value === `${url.origin}${url.pathname.replace(/\/$/, '')}`;
  }, WEBHOOK_URL),
);

const FilesSchema = section({
  ...FilePolicySchema.entries,
  /**
   * Lets GuardDuty scan each upload, for its price; what it does not call clean goes no further.
   */
  malwareScan: v.optional(v.boolean('true or false'), false),
});

const IDENTITY_KEYS =
  "either jwksUrl, for tokens signed with the issuer's private key, or sharedSecretArn, for tokens signed with a secret that both know";

const IdentitySchema = v.pipe(
  section(IdentityPolicySchema.entries),
  v.check(
    ({ jwksUrl, sharedSecretArn }) => (jwksUrl === undefined) !== (sharedSecretArn === undefined),
    IDENTITY_KEYS,
  ),
);

const CustomersSchema = v.pipe(
  section({
    allowedOrigins: v.pipe(v.array(origin, ORIGINS), v.description(ORIGINS)),
    allowNonBrowserClients: v.optional(v.boolean('true or false'), false),
    maxBodyBytes: v.optional(
      wholeNumber(1, HIGHEST_MAX_BODY_BYTES, 'bytes'),
      DEFAULT_MAX_BODY_BYTES,
    ),
    /** Of one session; 20 may come at once. */
    messagesPerMinute: v.optional(wholeNumber(1, 100_000, 'messages a minute'), 120),
    /** Without it customers send no files, and do not open those of agents. */
    files: v.exactOptional(FilesSchema),
    /** Without it every customer is anonymous. */
    identity: v.exactOptional(IdentitySchema),
    /** Without it nobody ends a chat by the clock but Twilio's own timers. */
    idleMinutes: v.optional(wholeNumber(2, WEEK_MINUTES, 'minutes')),
    /** More of one session close the oldest. */
    connectionsPerSession: v.optional(wholeNumber(1, 1_000, 'connections'), 20),
    /** Customers behind one address share it. */
    sessionsPerAddressPerMinute: v.optional(wholeNumber(1, 100_000, 'new sessions a minute'), 60),
  }),
  v.forward(
    v.check(
      ({ allowedOrigins, allowNonBrowserClients }) =>
        allowedOrigins.length > 0 || allowNonBrowserClients,
      ORIGINS,
    ),
    ['allowedOrigins'],
  ),
);

/** Token bucket of a stage; an account has 10,000 a second and 5,000 at once for all its APIs. */
const throttle = section({
  rateLimit: wholeNumber(1, 10_000, 'requests a second'),
  burstLimit: wholeNumber(1, 5_000, 'requests at once'),
});

const RETENTION = `one of ${LOG_RETENTION_DAYS.join(', ')} (days; what CloudWatch Logs allows)`;

const runs = wholeNumber(1, 10_000, 'runs at the same time');

/**
 * Runs that a function has for itself, and its most. The functions that read queues have none: with
 * fewer than `maxConcurrency` their letters would be counted as delivered, and were not.
 */
const reservedConcurrency = section({
  customerSocket: v.exactOptional(runs),
  flexWebhook: v.exactOptional(runs),
});

const TOPIC_ARN = 'the ARN of an SNS topic, such as "arn:aws:sns:eu-west-1:111122223333:on-call"';
const EMAIL = 'an e-mail address, which AWS asks for a confirmation';

/** Who is told of alarms. */
const alarms = v.union(
  [
    section({
      topicArn: v.pipe(
        v.string(TOPIC_ARN),
        v.regex(/^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, TOPIC_ARN),
      ),
    }),
    section({ email: v.pipe(v.string(EMAIL), v.email(EMAIL)) }),
  ],
  `either {"topicArn": …}, ${TOPIC_ARN}, or {"email": …}, ${EMAIL}`,
);

const OperationsSchema = section({
  /** Whether AWS refuses to delete the state stack and its table. */
  protectState: v.optional(v.boolean('true or false'), true),
  /** Whether there are alarms, a dashboard and saved queries. */
  monitoring: v.optional(v.boolean('true or false'), true),
  alarms: v.exactOptional(alarms),
  logRetentionDays: v.optional(v.picklist(LOG_RETENTION_DAYS, RETENTION), 30),
  /** Whether Lambda logs the start and the end of each run, at the price of most log bytes. */
  logRuns: v.optional(v.boolean('true or false'), false),
  webhookUrl: v.optional(webhookUrl),
  /** What takes the webhooks: a REST API, or an HTTP API for less than a third of its price. */
  webhookIntake: v.optional(v.picklist(INTAKES, '"rest" or "http"'), 'rest'),
  socketThrottle: v.optional(throttle, { rateLimit: 200, burstLimit: 400 }),
  webhookThrottle: v.optional(throttle, { rateLimit: 100, burstLimit: 200 }),
  /**
   * Batches delivered to Flex at the same time, each of up to 10 sessions; Lambda takes 2 to 1,000.
   * The default leaves half of a new account, whose functions run 10 times at once, to handshakes,
   * frames and webhooks while a slow Twilio holds every batch.
   */
  maxConcurrency: v.optional(wholeNumber(2, 1_000, 'batches delivered at the same time'), 5),
  reservedConcurrency: v.optional(reservedConcurrency, {}),
});

const DOMAIN = 'a host name that leads to the distribution, such as "chat.example.com"';

const CERTIFICATE =
  'the ARN of an ACM certificate for that name in us-east-1, the only region where CloudFront looks for one';

const WidgetSchema = section({
  /** Whether the stacks serve the widget's files: a bucket and a CloudFront distribution. */
  hosting: v.optional(v.boolean('true or false'), false),
  /** Without it the files have an address of CloudFront's own. */
  domain: v.optional(
    section({
      name: v.pipe(
        v.string(DOMAIN),
        v.regex(/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, DOMAIN),
        v.description(DOMAIN),
      ),
      certificateArn: v.pipe(
        v.string(CERTIFICATE),
        v.regex(/^arn:aws:acm:us-east-1:\d{12}:certificate\/[0-9a-f-]{36}$/, CERTIFICATE),
        v.description(CERTIFICATE),
      ),
    }),
  ),
});

export const ConfigSchema = section({
  twilio: TwilioSchema,
  flex: FlexSchema,
  customers: CustomersSchema,
  widget: v.optional(WidgetSchema, {}),
  operations: v.optional(OperationsSchema, {}),
});

/** One stage's configuration, defaults filled in. */
export type Config = v.InferOutput<typeof ConfigSchema>;
export type Throttle = Config['operations']['socketThrottle'];
