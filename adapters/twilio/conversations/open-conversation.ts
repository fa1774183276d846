import * as v from 'valibot';
import { ChatError, type ChatErrorCode } from '#core/errors';
import type { OpenedChannel } from '#core/flex';
import type { Customer } from '#core/identity';
import type { ChannelSid } from '#core/ids';
import { type ChatRef, customerIdentity } from '#core/session';
import { channelSidSchema } from '../channel/channel-sid.ts';
import { unlessGone } from '../channel/find-channel.ts';
import { uniqueName } from '../channel/unique-name.ts';
import { channelAttributes } from '../flex/customer-attributes.ts';
import { CONVERSATIONS_HOST } from '../rest/hosts.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { isAlreadyThere } from '../rest/twilio-error.ts';
import { below, path } from '../rest/twilio-path.ts';
import { type ConversationsConfig, conversationPath, userPath } from './config.ts';
import { addMissingWebhooks } from './webhooks.ts';

const ParticipantSchema = v.object({ sid: v.string() });

const ConversationSchema = v.object({ sid: channelSidSchema, state: v.string() });

/**
 * Finds or creates the conversation of a chat, with the customer in it and our webhooks on it.
 *
 * Four calls for a new one, five when the customer has a name. If the conversation's name is
 * taken, an earlier attempt broke off somewhere: then each step is looked for before it is taken.
 */
export async function openConversation(
  rest: TwilioRest,
  config: ConversationsConfig,
  chat: ChatRef,
  profile: Customer,
): Promise<OpenedChannel> {
  const created = await createConversation(rest, config, chat, profile);
  // Somebody may delete it between our calls: then the next attempt begins anew.
  const { sid, state } =
    created ?? (await readConversation(rest, config, uniqueName(chat), 'UPSTREAM_UNAVAILABLE'));
  if (state === 'closed') return { channel: { sid }, state: 'ended' };
  const participantSid = await addCustomer(rest, config, sid, chat);
  await nameCustomer(rest, config, chat, profile);
  await addMissingWebhooks(rest, config, sid, chat, { isNew: created !== undefined });
  return { channel: { sid, participantSid }, state: 'open' };
}

/** @returns undefined when the name is taken. */
async function createConversation(
  rest: TwilioRest,
  { chatServiceSid, timers }: ConversationsConfig,
  chat: ChatRef,
  profile: Customer,
): Promise<v.InferOutput<typeof ConversationSchema> | undefined> {
  try {
    return await rest({
      method: 'POST',
      host: CONVERSATIONS_HOST,
      path: path`/v1/Services/${chatServiceSid}/Conversations`,
      form: {
        UniqueName: uniqueName(chat),
        FriendlyName: profile.name,
        Attributes: JSON.stringify(channelAttributes(profile)),
        // The backstop for a chat that nobody ends: one that falls inactive goes on with its next message.
        ...(timers && {
          'Timers.Inactive': `PT${timers.inactiveMinutes}M`,
          'Timers.Closed': `PT${timers.closedMinutes}M`,
        }),
      },
      answer: ConversationSchema,
      notFound: 'MISCONFIGURED',
    });
  } catch (error) {
    if (isAlreadyThere(error, 'uniqueNameExists')) return undefined;
    throw error;
  }
}

/**
 * @param conversation SID or unique name.
 * @returns undefined when the service does not have it.
 */
export function findConversation(
  rest: TwilioRest,
  config: ConversationsConfig,
  conversation: string,
): Promise<v.InferOutput<typeof ConversationSchema> | undefined> {
  const service = {
    host: CONVERSATIONS_HOST,
    path: path`/v1/Services/${config.chatServiceSid}`,
  };
  return unlessGone(rest, service, () => readConversation(rest, config, conversation));
}

/** @param notFound code of the ChatError when there is none. */
function readConversation(
  rest: TwilioRest,
  config: ConversationsConfig,
  conversation: string,
  notFound: ChatErrorCode = 'NO_CHAT',
) {
  return rest({
    method: 'GET',
    host: CONVERSATIONS_HOST,
    path: conversationPath(config, conversation),
    answer: ConversationSchema,
    notFound,
  });
}

/**
 * An identity is in a conversation once: adding it again is refused, and that is a success.
 * @returns the participant's SID.
 */
async function addCustomer(
  rest: TwilioRest,
  config: ConversationsConfig,
  sid: ChannelSid,
  { sessionId }: ChatRef,
): Promise<string> {
  const identity = customerIdentity(sessionId);
  try {
    const { sid: participantSid } = await rest({
      method: 'POST',
      host: CONVERSATIONS_HOST,
      path: below(conversationPath(config, sid), path`/Participants`),
      form: { Identity: identity },
      answer: ParticipantSchema,
    });
    return participantSid;
  } catch (error) {
    if (!isAlreadyThere(error, 'participantExists')) throw error;
    return readParticipant(rest, config, sid, identity);
  }
}

/**
 * Agents see the user's name beside each bubble, else the identity. The participant made the user.
 * A chat without the name is worth more than none: what fails here is left to the next chat.
 */
async function nameCustomer(
  rest: TwilioRest,
  config: ConversationsConfig,
  { sessionId }: ChatRef,
  { name }: Customer,
): Promise<void> {
  if (name === undefined) return;
  try {
    await rest({
      method: 'POST',
      host: CONVERSATIONS_HOST,
      path: userPath(config, customerIdentity(sessionId)),
      form: { FriendlyName: name },
      answer: v.unknown(),
    });
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
  }
}

/** @returns the SID of an identity's participant. */
export async function readParticipant(
  rest: TwilioRest,
  config: ConversationsConfig,
  conversation: ChannelSid,
  identity: string,
): Promise<string> {
  const { sid } = await rest({
    method: 'GET',
    host: CONVERSATIONS_HOST,
    path: below(conversationPath(config, conversation), path`/Participants/${identity}`),
    answer: ParticipantSchema,
  });
  return sid;
}
