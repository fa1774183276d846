import type { Customer } from '#core/identity';
import type { ChannelSid } from '#core/ids';
import { utf8Bytes } from '#protocol/limits';

/** What Flex shows for a customer who gave no name. */
const NAMELESS = 'Customer';

/**
 * A task's attributes as JSON. Whether Twilio counts characters or bytes is unconfirmed; bytes are
 * never fewer. Source: twilio.com/docs/taskrouter/api/task.
 */
const MAX_TASK_BYTES = 4_096;

/** For what Flex adds by itself, about 620 bytes besides the name, and for what agents' plugins add. */
const ROOM_BYTES = 1_024;

const MAX_SUBJECT_CHARACTERS = 100;

/** Custom fields that a flow would put where the channel's own attributes stand. */
const RESERVED: ReadonlySet<string> = new Set(['flexChannel', 'cut', 'verified']);

/** Left out one by one in this order, once no custom field is left. */
const DISPENSABLE = ['pageUrl', 'language', 'email'] as const;

export function customerName({ name }: Customer): string {
  return name ?? NAMELESS;
}

/**
 * Attributes of the channel, 16 KB: all that is known. Studio reads them as
 * `trigger.conversation.ChannelAttributes`, of which `task` is what fits into a task.
 */
export function channelAttributes(profile: Customer): Record<string, unknown> {
  const name = customerName(profile);
  const { subject = '', cut = false, pre_engagement_data } = fitted(profile);
  return {
    from: name,
    name,
    pre_engagement_data: preEngagementData(profile),
    task: { subject, cut, pre_engagement_data, ...verifiedMark(profile) },
    ...verifiedMark(profile),
  };
}

/** Attributes of the agent's task on a channel that exists. */
export function taskAttributes(channel: ChannelSid, profile: Customer): Record<string, unknown> {
  return { ...newTaskAttributes(profile), channelSid: channel };
}

/**
 * Attributes of a task that Flex makes together with its channel: each value once, as much as
 * fits. With `channelType` `web` the stock Flex UI draws the chat, by `name` and `subject`.
 */
export function newTaskAttributes(profile: Customer): Record<string, unknown> {
  return {
    name: customerName(profile),
    channelType: 'web',
    ...fitted(profile),
    ...verifiedMark(profile),
  };
}

/**
 * Who vouches for the customer, under the key that is the channel's own. Nothing that a customer sends
 * comes under this key: custom fields stand in `pre_engagement_data`, and one of its name is left out.
 */
function verifiedMark({ verified }: Customer): Record<string, unknown> {
  return verified === undefined
    ? {}
    : { flexChannel: { customer: { verified: true, ...verified } } };
}

/** What Flex takes for the data of a channel, of which a flow makes the task. */
export function channelData(profile: Customer): Record<string, unknown> {
  return { ...preEngagementData(profile), ...verifiedMark(profile) };
}

/** Flat, as Twilio's own web chat has it; our own names win over custom fields. */
function preEngagementData({ fields, verified: _, ...known }: Customer): Record<string, string> {
  const free = Object.entries(fields ?? {}).filter(([key]) => !RESERVED.has(key));
  return { ...Object.fromEntries(free), ...known };
}

/** For a flow that passes on to the task all that the channel holds. */
export function fittedChannelData(profile: Customer): Record<string, unknown> {
  const { cut, pre_engagement_data } = fitted(profile);
  return {
    ...pre_engagement_data,
    name: customerName(profile),
    ...(cut && { cut }),
    ...verifiedMark(profile),
  };
}

interface Fitted {
  readonly pre_engagement_data: Readonly<Record<string, string>>;
  readonly subject?: string;
  /** Something was left out; the conversation's attributes have it. */
  readonly cut?: true;
}

/** Leaves out custom fields from the last to the first, then the rest, until it fits. */
function fitted(profile: Customer): Fitted {
  const { name: _, ...data } = preEngagementData(profile);
  const known = new Set<string>(DISPENSABLE.filter((key) => profile[key] !== undefined));
  const custom = Object.keys(data).filter((key) => !known.has(key));
  const subject = subjectOf(profile);
  const own = 2 * jsonBytes(customerName(profile)) + jsonBytes(verifiedMark(profile));
  const room = MAX_TASK_BYTES - ROOM_BYTES - own;
  const outOf = [...custom.reverse(), ...DISPENSABLE.filter((key) => known.has(key))];
  const left = new Map(Object.entries(data));
  let bytes = jsonBytes(data) + jsonBytes(subject ?? '');
  for (const key of outOf) {
    if (bytes <= room) break;
    bytes -= jsonBytes(key) + jsonBytes(left.get(key)) + 2;
    left.delete(key);
  }
  return {
    ...(subject !== undefined && { subject }),
    pre_engagement_data: Object.fromEntries(left),
    ...(left.size < Object.keys(data).length && { cut: true }),
  };
}

/** What the stock Flex UI shows as the subject: the topic or the page's title, else the page's address. */
function subjectOf({ fields = {}, pageUrl }: Customer): string | undefined {
  const { subject, topic, pageTitle } = fields;
  const page = URL.parse(pageUrl ?? '');
  const given = [subject, topic, pageTitle, page ? page.host + page.pathname : ''].find(
    (text) => text !== undefined && text.trim() !== '',
  );
  return given && [...given.trim()].slice(0, MAX_SUBJECT_CHARACTERS).join('');
}

const jsonBytes = (value: unknown): number => utf8Bytes(JSON.stringify(value));
