/** What `config/<stage>.json` may say. Messages finish the sentence "expected …" and name the cure. */
import { isIP } from 'node:net';
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

const REST_ONLY =
  'no such field with webhookIntake "http": AWS takes neither web ACLs nor policies for HTTP APIs';

const WEB_ACL =
  'the ARN of a regional web ACL of AWS WAF in the region of the stage, such as "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/name/id"';

const SOURCES = 'a list of 1 to 100 address blocks, such as "203.0.113.0/24" or "2001:db8::/48"';

const addressBlock = v.pipe(
  v.string(SOURCES),
  v.check((block) => {
    const [address = '', bits = ''] = block.split('/');
    const most = { 4: 32, 6: 128 }[isIP(address)] ?? -1;
    return /^\d{1,3}$/.test(bits) && Number(bits) <= most;
  }, SOURCES),
);

const OperationsSchema = v.pipe(
  section({
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
    webhookWebAclArn: v.exactOptional(
      v.pipe(
        v.string(WEB_ACL),
        v.regex(
          /^arn:[a-z-]+:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/[\w-]{1,128}\/[0-9a-f-]{36}$/,
          WEB_ACL,
        ),
      ),
    ),
    /** Twilio publishes no fixed ranges: this is for whoever has a proxy of their own in front. */
    webhookSources: v.exactOptional(
      v.pipe(v.array(addressBlock, SOURCES), v.minLength(1, SOURCES), v.maxLength(100, SOURCES)),
    ),
    /** Whether both APIs keep a line about each request; needs a role that is set for the account. */
    accessLogs: v.optional(v.boolean('true or false'), false),
    socketThrottle: v.optional(throttle, { rateLimit: 200, burstLimit: 400 }),
    webhookThrottle: v.optional(throttle, { rateLimit: 100, burstLimit: 200 }),
    /**
     * Batches delivered to Flex at the same time, each of up to 10 sessions; Lambda takes 2 to 1,000.
     * The default leaves half of a new account, whose functions run 10 times at once, to handshakes,
     * frames and webhooks while a slow Twilio holds every batch.
     */
    maxConcurrency: v.optional(wholeNumber(2, 1_000, 'batches delivered at the same time'), 5),
    reservedConcurrency: v.optional(reservedConcurrency, {}),
  }),
  v.forward(
    v.check(({ webhookIntake, webhookWebAclArn }) => {
      return webhookIntake === 'rest' || webhookWebAclArn === undefined;
    }, REST_ONLY),
    ['webhookWebAclArn'],
  ),
  v.forward(
    v.check(({ webhookIntake, webhookSources }) => {
      return webhookIntake === 'rest' || webhookSources === undefined;
    }, REST_ONLY),
    ['webhookSources'],
  ),
);

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

const ACCOUNT = 'the 12 digits of an AWS account, as text';
const REGION = 'a region of AWS, such as "eu-central-1"';
const BOUNDARY =
  'the ARN of a policy of IAM, such as "arn:aws:iam::111122223333:policy/developers"';
const TAGS =
  'up to 45 tags, {"name": "value"}: names of 1 to 128 and values of up to 256 letters, digits, blanks and _ . : / = + - @, none that begins with "aws:"';

const tagText = (most: number) =>
  new RegExp(`^(?!aws:)[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{0,${most}}$`, 'iu');

/** Where and under which rules of the account the stacks are deployed. */
const AwsSchema = section({
  /** Without both the stacks go where the caller's credentials lead. */
  account: v.exactOptional(v.pipe(v.string(ACCOUNT), v.regex(/^\d{12}$/, ACCOUNT))),
  region: v.exactOptional(v.pipe(v.string(REGION), v.regex(/^[a-z]{2}(-[a-z]+)+-\d$/, REGION))),
  tags: v.exactOptional(
    v.pipe(
      v.record(
        v.pipe(v.string(TAGS), v.nonEmpty(TAGS), v.regex(tagText(128), TAGS)),
        v.pipe(v.string(TAGS), v.regex(tagText(256), TAGS)),
        TAGS,
      ),
      v.maxEntries(45, TAGS),
    ),
  ),
  /** Bounds what each role of the stacks may do. */
  permissionsBoundary: v.exactOptional(
    v.pipe(
      v.string(BOUNDARY),
      v.regex(/^arn:[a-z-]+:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,640}$/, BOUNDARY),
    ),
  ),
});

export const ConfigSchema = section({
  twilio: TwilioSchema,
  flex: FlexSchema,
  customers: CustomersSchema,
  widget: v.optional(WidgetSchema, {}),
  aws: v.optional(AwsSchema, {}),
  operations: v.optional(OperationsSchema, {}),
});

/** One stage's configuration, defaults filled in. */
export type Config = v.InferOutput<typeof ConfigSchema>;
export type Throttle = Config['operations']['socketThrottle'];
