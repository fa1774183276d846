/** A channel of Programmable Chat; Flex keeps the state of its chat in the channel's attributes. */
import * as v from 'valibot';
import type { ChatErrorCode } from '#core/errors';
import type { ChannelState, OpenedChannel } from '#core/flex';
import type { ChannelSid } from '#core/ids';
import { channelSidSchema } from '../channel/channel-sid.ts';
import { unlessGone } from '../channel/find-channel.ts';
import { PROGRAMMABLE_CHAT_HOST } from '../rest/hosts.ts';
import { attributesSchema } from '../rest/json-text.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { path } from '../rest/twilio-path.ts';
import { unlessUnknown } from '../rest/unless-unknown.ts';
import { channelPath, type ProgrammableChatConfig } from './config.ts';

const INACTIVE = 'INACTIVE';

const ChannelSchema = v.object({ sid: channelSidSchema, attributes: attributesSchema });

/** `INACTIVE` is the end of a chat, and nothing else is. */
export function stateOf(attributes: string): ChannelState {
  return statusOf(v.parse(attributesSchema, attributes));
}

function statusOf({ status }: Readonly<Record<string, unknown>>): ChannelState {
  return status === INACTIVE ? 'ended' : 'open';
}

/**
 * @param channel SID or unique name.
 * @param notFound code of the ChatError when there is none.
 */
export async function openedChannel(
  rest: TwilioRest,
  config: ProgrammableChatConfig,
  channel: string,
  notFound: ChatErrorCode = 'NO_CHAT',
): Promise<OpenedChannel> {
  const { sid, attributes } = await readChannel(rest, config, channel, notFound);
  const taskSid = attributes['task_sid'];
  return {
    channel: { sid, ...(typeof taskSid === 'string' && { taskSid }) },
    state: statusOf(attributes),
  };
}

/**
 * @param channel SID or unique name.
 * @returns undefined when the service does not have it.
 */
export function findChannel(
  rest: TwilioRest,
  config: ProgrammableChatConfig,
  channel: string,
): Promise<OpenedChannel | undefined> {
  const service = {
    host: PROGRAMMABLE_CHAT_HOST,
    path: path`/v2/Services/${config.chatServiceSid}`,
  };
  return unlessGone(rest, service, () => openedChannel(rest, config, channel));
}

/**
 * Ends the chat as an agent does. Twilio replaces attributes as a whole, so they are read
 * first. A channel that is gone has ended.
 */
export function deactivateChannel(
  rest: TwilioRest,
  config: ProgrammableChatConfig,
  sid: ChannelSid,
): Promise<void> {
  return unlessUnknown(undefined, async () => {
    const { attributes } = await readChannel(rest, config, sid, 'NO_CHAT');
    if (statusOf(attributes) === 'ended') return;
    await rest({
      method: 'POST',
      host: PROGRAMMABLE_CHAT_HOST,
      path: channelPath(config, sid),
      form: { Attributes: JSON.stringify({ ...attributes, status: INACTIVE }) },
      // Whoever listens for the end of a chat hears of this one.
      webhookEnabled: true,
      answer: v.unknown(),
    });
  });
}

function readChannel(
  rest: TwilioRest,
  config: ProgrammableChatConfig,
  channel: string,
  notFound: ChatErrorCode,
) {
  return rest({
    method: 'GET',
    host: PROGRAMMABLE_CHAT_HOST,
    path: channelPath(config, channel),
    answer: ChannelSchema,
    notFound,
  });
}
