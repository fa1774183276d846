import type { ChannelSid } from '#core/ids';
import type { Profile } from '#protocol/frames';

/** What Flex shows for a customer who gave no name. */
const NAMELESS = 'Customer';

/** Attributes of the channel. Studio reads them as `trigger.conversation.ChannelAttributes`. */
export function channelAttributes(profile: Profile): Record<string, unknown> {
  const name = profile.name ?? NAMELESS;
  return { from: name, name, pre_engagement_data: preEngagementData(profile) };
}

/**
 * Attributes of the agent's task. With `channelType` `web` the stock Flex UI draws the chat.
 * The custom fields also stand under `fields`, for the filters of a workflow.
 */
export function taskAttributes(channel: ChannelSid, profile: Profile): Record<string, unknown> {
  return {
    ...channelAttributes(profile),
    customerName: profile.name ?? NAMELESS,
    channelType: 'web',
    channelSid: channel,
    fields: profile.fields ?? {},
  };
}

/** Flat, as Twilio's own web chat has it; our own names win over custom fields. */
function preEngagementData({ fields, ...known }: Profile): Record<string, string> {
  return { ...fields, ...known };
}
