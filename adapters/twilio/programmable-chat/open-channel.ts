import * as v from 'valibot';
import type { OpenedChannel } from '#core/flex';
import type { Customer } from '#core/identity';
import { type ChatRef, customerIdentity } from '#core/session';
import { channelSidSchema } from '../channel/channel-sid.ts';
import { uniqueName } from '../channel/unique-name.ts';
import {
  channelData,
  customerName,
  fittedChannelData,
  newTaskAttributes,
} from '../flex/customer-attributes.ts';
import { FLEX_HOST } from '../rest/hosts.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { isAlreadyThere } from '../rest/twilio-error.ts';
import { path } from '../rest/twilio-path.ts';
import { openedChannel } from './channel.ts';
import type { ProgrammableChatConfig } from './config.ts';
import { addPlannedWebhooks, planWebhooks } from './webhooks.ts';

const FlexChannelSchema = v.object({ sid: channelSidSchema, task_sid: v.nullish(v.string()) });

/**
 * Finds or creates the channel of a chat, with the customer in it and our webhooks on it.
 *
 * Four calls for a new one. While the channel is active, Flex answers a repeated creation with it.
 * After its end Flex would make another for the same target, but refuses the unique name, which is taken.
 */
export async function openFlexChannel(
  rest: TwilioRest,
  config: ProgrammableChatConfig,
  chat: ChatRef,
  profile: Customer,
): Promise<OpenedChannel> {
  const created = await createFlexChannel(rest, config, chat, profile);
  const found = created ?? (await openedChannel(rest, config, uniqueName(chat), 'MISCONFIGURED'));
  const { sid } = found.channel;
  const webhooks = await planWebhooks(rest, config, sid, chat);
  // Flex answered with a channel that was there: an active one, but let us see.
  const isAgain = created !== undefined && webhooks.isBegun;
  const { state } = isAgain ? await openedChannel(rest, config, sid) : found;
  if (state === 'ended') return { channel: { sid }, state };
  await addPlannedWebhooks(rest, config, sid, webhooks);
  return found;
}

/** @returns undefined when the unique name is taken. */
async function createFlexChannel(
  rest: TwilioRest,
  { flexFlowSid, integration }: ProgrammableChatConfig,
  chat: ChatRef,
  profile: Customer,
): Promise<OpenedChannel | undefined> {
  try {
    const { sid, task_sid: taskSid } = await rest({
      method: 'POST',
      host: FLEX_HOST,
      path: path`/v1/Channels`,
      form: {
        FlexFlowSid: flexFlowSid,
        Identity: customerIdentity(chat.sessionId),
        ChatUserFriendlyName: customerName(profile),
        ChatFriendlyName: customerName(profile),
        Target: uniqueName(chat),
        ChatUniqueName: uniqueName(chat),
        // A flow passes it on to the task, where it has to fit.
        PreEngagementData: JSON.stringify(
          integration === 'task' ? channelData(profile) : fittedChannelData(profile),
        ),
        // Flex itself names the task after the target. Where a flow makes it, the flow's widget
        // takes the name from `ChannelAttributes.pre_engagement_data`.
        ...(integration === 'task' && {
          TaskAttributes: JSON.stringify(newTaskAttributes(profile)),
        }),
      },
      // 201, or perhaps 200 for a channel that is there: that is not documented.
      answer: FlexChannelSchema,
      notFound: 'MISCONFIGURED',
    });
    return { channel: { sid, ...(typeof taskSid === 'string' && { taskSid }) }, state: 'open' };
  } catch (error) {
    if (isAlreadyThere(error, 'flexNameExists', 'chatNameExists')) return undefined;
    throw error;
  }
}
