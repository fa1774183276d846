import type { ChannelSid } from '#core/ids';
import type { Profile } from '#protocol/frames';

/** What Flex shows for a customer who gave no name. */
const NAMELESS = 'Customer';

export function customerName({ name }: Profile): string {
  return name ?? NAMELESS;
}

/** Attributes of the channel. Studio reads them as `trigger.conversation.ChannelAttributes`. */
export function channelAttributes(profile: Profile): Record<string, unknown> {
  const name = customerName(profile);
  return { from: name, name, pre_engagement_data: preEngagementData(profile) };
}

/** Attributes of the agent's task on a channel that exists. */
export function taskAttributes(channel: ChannelSid, profile: Profile): Record<string, unknown> {
  return { ...newTaskAttributes(profile), channelSid: channel };
}

/**
 * Attributes of a task that Flex makes together with its channel.
 * With `channelType` `web` the stock Flex UI draws the chat. The custom fields also stand
 * under `fields`, for the filters of a workflow.
 */
export function newTaskAttributes(profile: Profile): Record<string, unknown> {
  return {
    ...channelAttributes(profile),
    customerName: customerName(profile),
    channelType: 'web',
    fields: profile.fields ?? {},
  };
}

/** Flat, as Twilio's own web chat has it; our own names win over custom fields. */
export function preEngagementData({ fields, ...known }: Profile): Record<string, string> {
  return { ...fields, ...known };
}
