import * as v from 'valibot';
import { ChatError } from '#core/errors';
import type { FlexEvent, UnservedReason } from '#core/flex';
import { channelSidSchema } from '../channel/channel-sid.ts';
import { jsonText } from '../rest/json-text.ts';

/** More than Twilio puts into one request. */
const MOST_EVENTS = 1_000;

const PREFIX = 'com.twilio.taskrouter.';

/** What may leave a chat without anybody. */
const REASONS: ReadonlyMap<string, UnservedReason> = new Map([
  ['task.canceled', 'canceled'],
  ['workflow.timeout', 'canceled'],
  ['task.deleted', 'deleted'],
  ['task.system-deleted', 'deleted'],
  ['task.wrapup', 'left'],
  ['task.completed', 'left'],
]);

const EventsSchema = v.pipe(jsonText, v.array(v.unknown()), v.maxLength(MOST_EVENTS));

const interactionSid = (prefix: string) =>
  v.fallback(
    v.optional(v.pipe(v.string(), v.regex(new RegExp(`^${prefix}[0-9a-f]{32}$`)))),
    undefined,
  );

/** The channel stands in the attributes: as Flex Conversations has it, or Programmable Chat. */
const AttributesSchema = v.pipe(
  jsonText,
  v.object({
    conversationSid: v.fallback(v.optional(channelSidSchema), undefined),
    channelSid: v.fallback(v.optional(channelSidSchema), undefined),
    flexInteractionSid: interactionSid('KD'),
    flexInteractionChannelSid: interactionSid('UO'),
  }),
  v.transform(({ flexInteractionSid, flexInteractionChannelSid, ...channel }) => ({
    channelSid: channel.conversationSid ?? channel.channelSid,
    interaction: flexInteractionSid !== undefined &&
      flexInteractionChannelSid !== undefined && {
        interactionSid: flexInteractionSid,
        interactionChannelSid: flexInteractionChannelSid,
      },
  })),
);

const EventSchema = v.object({
  type: v.string(),
  data: v.object({
    payload: v.object({
      task_attributes: v.fallback(v.optional(AttributesSchema), undefined),
      task_sid: v.fallback(v.optional(v.string()), undefined),
    }),
  }),
});

/**
 * Reads a request of Event Streams: an array of CloudEvents about all tasks of the workspace. What
 * is about no chat, or tells nothing of it, is left out.
 *
 * Source: twilio.com/docs/events/event-types/taskrouter/task.
 * @throws ChatError `INVALID_INPUT` for what is no such array.
 */
export function parseTaskEvents(body: string, receivedAtMs: number): FlexEvent[] {
  const events = v.safeParse(EventsSchema, body);
  // The issues quote the text, which holds customers' names.
  if (!events.success) throw new ChatError('INVALID_INPUT', 'task events: no array of events');
  return events.output.flatMap((event) => taskEvent(event, receivedAtMs) ?? []);
}

function taskEvent(event: unknown, atMs: number): FlexEvent | undefined {
  const parsed = v.safeParse(EventSchema, event);
  if (!parsed.success) return undefined;
  const { type, data } = parsed.output;
  const { task_attributes: attributes, task_sid: taskSid } = data.payload;
  const { channelSid, interaction } = attributes ?? {};
  const name = type.startsWith(PREFIX) ? type.slice(PREFIX.length) : undefined;
  if (channelSid === undefined || name === undefined) return undefined;
  if (name === 'task.created' && taskSid !== undefined) {
    return { kind: 'routed', channelSid, taskSid, ...interaction };
  }
  const reason = REASONS.get(name);
  if (reason === undefined) return undefined;
  return {
    kind: 'unserved',
    channelSid,
    reason,
    atMs,
    ...(taskSid !== undefined && { taskSid }),
  };
}
