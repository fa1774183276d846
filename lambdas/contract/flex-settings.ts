/**
 * The sections `twilio` and `flex` of a configuration: what a stage's file may say, and what the
 * functions are told of it.
 */
import * as v from 'valibot';
import { origin, parsedUrl, section, sid, text, wholeNumber } from './fields.ts';

export const TwilioSchema = section({
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
  taskChannel: v.exactOptional(taskChannel),
});

const StudioRoutingSchema = section({
  type: v.literal('studio', ROUTING),
  /** Without it `flex-channel provision` makes a flow and writes its SID here. */
  flowSid: v.exactOptional(sid('FW', 'a Studio flow SID', 'Console > Studio > Flows')),
  /** Where the flow that provision makes sends to; without it the workspace's only workflow. */
  workflowSid: v.exactOptional(workflowSid),
  taskChannel: v.exactOptional(taskChannel),
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

const PLUGIN_ORIGINS = 'a list of further origins under which agents open Flex, empty for none';

export const FlexSchema = section({
  backEnd: v.pipe(
    v.picklist(['conversations', 'programmable-chat'], BACK_END),
    v.description(BACK_END),
  ),
  routing,
  /** Flex Flow of the back end programmable-chat. */
  flexFlowSid: v.exactOptional(sid('FO', 'a Flex Flow SID', 'written by `flex-channel provision`')),
  /** Webhook that tells of agents who join and leave, for interactions that this channel creates. */
  interactionWebhookTtid: v.exactOptional(
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
  /** Given where the plugin runs in Flex's user interface: without it nobody would see the signals. */
  plugin: v.exactOptional(
    section({
      /** Beside https://flex.twilio.com, such as that of a Flex on a domain of one's own. */
      origins: v.optional(
        v.pipe(v.array(origin, PLUGIN_ORIGINS), v.description(PLUGIN_ORIGINS)),
        [],
      ),
    }),
  ),
  /** Shown to customers where Flex knows no display name. */
  names: v.optional(
    section({
      agent: v.optional(text('a name that customers may see'), 'Agent'),
      bot: v.optional(text('a name that customers may see'), 'Assistant'),
    }),
    {},
  ),
});

/** Both sections side by side, as functions are told them. */
export const FlexSettingsSchema = v.strictObject({
  ...TwilioSchema.entries,
  ...FlexSchema.entries,
});

export type FlexSettings = v.InferOutput<typeof FlexSettingsSchema>;
