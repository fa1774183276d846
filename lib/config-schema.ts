/** What `config/<stage>.json` may say. Messages finish the sentence "expected …" and name the cure. */
import * as v from 'valibot';
import { DEFAULT_MAX_BODY_BYTES, HIGHEST_MAX_BODY_BYTES } from '#protocol/limits';
import { looksLikeSecret } from './shown-value.ts';

/** CloudWatch Logs takes no other numbers of days. Source: PutRetentionPolicy, API reference. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
] as const;

type Field = v.GenericSchema<unknown, unknown>;

/** An object that refuses unknown fields, and for a missing one repeats what that field expects. */
function section<const Entries extends Record<string, Field>>(entries: Entries) {
  const names = Object.keys(entries).join(', ');
  const expected = `an object with ${names}`;
  const schema = v.strictObject(entries, (issue) => {
    if (issue.expected === 'never') return names;
    const missing = entries[String(issue.path?.at(-1)?.key)];
    return missing === undefined ? expected : (v.getDescription(missing) ?? 'a value');
  });
  return v.pipe(schema, v.description(expected));
}

function sid(prefix: string, noun: string, where: string) {
  const expected = `${noun} (${prefix} + 32 hex digits): ${where}`;
  return v.pipe(
    v.string(expected),
    v.regex(new RegExp(`^${prefix}[0-9a-f]{32}$`), expected),
    v.description(expected),
  );
}

function wholeNumber(min: number, max: number, unit: string) {
  const expected = `a whole number of ${unit}, ${min} to ${max}`;
  return v.pipe(
    v.number(expected),
    v.integer(expected),
    v.minValue(min, expected),
    v.maxValue(max, expected),
    v.description(expected),
  );
}

function text(expected: string) {
  const noSecret = `${expected}, and no secret`;
  return v.pipe(
    v.string(expected),
    v.nonEmpty(expected),
    v.check((value) => !looksLikeSecret(value), noSecret),
    v.description(expected),
  );
}

function parsedUrl(value: string): URL | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isLoopback = url?.hostname === 'localhost' || url?.hostname === '127.0.0.1';
  const isAllowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback);
  return isAllowed && !value.includes('*') ? url : undefined;
}

const ORIGIN =
  'an origin exactly as browsers send it, such as "https://www.example.com": scheme and host in ' +
  'lower case, a port only when it is not the default, no path, no "*"; http only for localhost and 127.0.0.1';

const origin = v.pipe(
  v.string(ORIGIN),
  v.check((value) => parsedUrl(value)?.origin === value, ORIGIN),
);

const ORIGINS = 'a list of origins, empty only with allowNonBrowserClients: true';

const WEBHOOK_URL =
  'the https base URL under which Twilio reaches the webhook API, such as ' +
  '"https://flex-webhooks.example.com", without query or trailing slash; without a custom domain leave the field out';

const webhookUrl = v.pipe(
  v.string(WEBHOOK_URL),
  v.check((value) => {
    const url = parsedUrl(value);
    return url !== undefined && value === `${url.origin}${url.pathname.replace(/\/$/, '')}`;
  }, WEBHOOK_URL),
);

const TwilioSchema = section({
  accountSid: sid('AC', 'an account SID', 'Console > Account Info'),
  chatServiceSid: sid('IS', 'a chat service SID', 'Console > Conversations > Services > Flex'),
  workspaceSid: sid('WS', 'a workspace SID', 'Console > TaskRouter > Workspaces'),
});

const ROUTING =
  'routing with type "task" (straight to a TaskRouter workflow), "studio" (through a Studio flow) ' +
  'or "external" (your own service makes the task)';

const workflowSid = sid('WW', 'a workflow SID', 'Console > TaskRouter > Workspaces > Workflows');
const taskChannel = text('the unique name of a TaskRouter task channel');

const TaskRoutingSchema = section({
  type: v.literal('task', ROUTING),
  workflowSid,
  /** Without it Flex chooses by the kind of channel. */
  taskChannel: v.optional(taskChannel),
});

const StudioRoutingSchema = section({
  type: v.literal('studio', ROUTING),
  /** Without it `flex-channel provision` makes a flow and writes its SID here. */
  flowSid: v.optional(sid('FW', 'a Studio flow SID', 'Console > Studio > Flows')),
  /** Where the flow that provision makes sends to; without it the workspace's only workflow. */
  workflowSid: v.optional(workflowSid),
  taskChannel: v.optional(taskChannel),
});

const EXTERNAL_URL =
  'the https URL of your service that makes the task; http only for localhost and 127.0.0.1';

const ExternalRoutingSchema = section({
  type: v.literal('external', ROUTING),
  url: v.pipe(
    v.string(EXTERNAL_URL),
    v.check((value) => parsedUrl(value) !== undefined, EXTERNAL_URL),
    v.description(EXTERNAL_URL),
  ),
});

const routing = v.pipe(
  v.variant('type', [TaskRoutingSchema, StudioRoutingSchema, ExternalRoutingSchema], ROUTING),
  v.description(ROUTING),
);

const BACK_END = '"conversations" (Flex Conversations) or "programmable-chat" (its predecessor)';

const WEBHOOK_TTID =
  'the id of an interaction webhook (flex_interactionwebhook_…), as `flex-channel provision` writes it';

/** Twilio's least. Source: https://www.twilio.com/docs/conversations-classic/states-timers */
const LEAST_INACTIVE_MINUTES = 1;
const LEAST_CLOSED_MINUTES = 10;
const WEEK_MINUTES = 7 * 24 * 60;
const YEAR_MINUTES = 365 * 24 * 60;

const TIMERS = 'closedMinutes above inactiveMinutes: each counts from the last message';

const timers = v.pipe(
  section({
    inactiveMinutes: v.optional(
      wholeNumber(LEAST_INACTIVE_MINUTES, YEAR_MINUTES, 'minutes'),
      24 * 60,
    ),
    closedMinutes: v.optional(
      wholeNumber(LEAST_CLOSED_MINUTES, YEAR_MINUTES, 'minutes'),
      3 * 24 * 60,
    ),
  }),
  v.check(({ inactiveMinutes, closedMinutes }) => closedMinutes > inactiveMinutes, TIMERS),
);

const WHEN_NOBODY =
  '"end" (the customer is told that the chat has ended) or "reroute" (another agent is asked for first)';

const FlexSchema = section({
  backEnd: v.pipe(
    v.picklist(['conversations', 'programmable-chat'], BACK_END),
    v.description(BACK_END),
  ),
  routing,
  /** Flex Flow of the back end programmable-chat. */
  flexFlowSid: v.optional(sid('FO', 'a Flex Flow SID', 'written by `flex-channel provision`')),
  /** Webhook that tells of agents who join and leave, for interactions that this channel creates. */
  interactionWebhookTtid: v.optional(
    v.pipe(v.string(WEBHOOK_TTID), v.regex(/^flex_interactionwebhook_\w+$/, WEBHOOK_TTID)),
  ),
  /** When Twilio itself ends a conversation that nobody writes in; Programmable Chat has no such timers. */
  timers: v.optional(timers, {}),
  /** What becomes of a chat whose agents have left, or whose task is canceled, deleted or never made. */
  whenNobodyServes: v.optional(
    v.pipe(v.picklist(['end', 'reroute'], WHEN_NOBODY), v.description(WHEN_NOBODY)),
    'end',
  ),
  /** How often a chat is routed again before it is ended. */
  rerouteAttempts: v.optional(wholeNumber(1, 10, 'attempts'), 2),
  /** Shown to customers where Flex knows no display name. */
  names: v.optional(
    section({
      agent: v.optional(text('a name that customers may see'), 'Agent'),
      bot: v.optional(text('a name that customers may see'), 'Assistant'),
    }),
    {},
  ),
});

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

const OperationsSchema = section({
  logRetentionDays: v.optional(v.picklist(LOG_RETENTION_DAYS, RETENTION), 30),
  webhookUrl: v.optional(webhookUrl),
  socketThrottle: v.optional(throttle, { rateLimit: 200, burstLimit: 400 }),
  webhookThrottle: v.optional(throttle, { rateLimit: 100, burstLimit: 200 }),
  /** Batches delivered to Flex at the same time, each of up to 10 sessions; Lambda takes 2 to 1,000. */
  maxConcurrency: v.optional(wholeNumber(2, 1_000, 'batches delivered at the same time'), 10),
});

export const ConfigSchema = section({
  twilio: TwilioSchema,
  flex: FlexSchema,
  customers: CustomersSchema,
  operations: v.optional(OperationsSchema, {}),
});

/** One stage's configuration, defaults filled in. */
export type Config = v.InferOutput<typeof ConfigSchema>;
export type Throttle = Config['operations']['socketThrottle'];
