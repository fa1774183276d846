/** Channels of chats and their customers, as either Flex product keeps them. */
import type { Config } from '#lib/config-schema';
import { CommandError } from '../command.ts';
import { orAbsent, orGone, type Twilio } from './client.ts';

export interface KeptMessage {
  /** `ME…` of the files that it carries. */
  readonly mediaSids: readonly string[];
}

export interface ChatChannels {
  /** What Twilio calls such a channel. */
  readonly noun: 'conversation' | 'channel';
  /** @returns the SID; undefined when Twilio has no channel of this name (any more). */
  find(uniqueName: string): Promise<string | undefined>;
  /** The first ones, at most so many. */
  messages(sid: string, most: number): Promise<readonly KeptMessage[]>;
  /** Writes as somebody who is not in the chat; our webhooks are told of it. */
  post(sid: string, author: string, body: string): Promise<void>;
  /** With its messages and participants. Removing what is gone is no error, here and below. */
  remove(sid: string): Promise<void>;
  /** @returns the `US…` of the chat user; undefined when there is none. */
  findUser(identity: string): Promise<string | undefined>;
  removeUser(sid: string): Promise<void>;
  /** Removes a file. Whether Twilio serves it is `unconfirmed`: a refusal is thrown. */
  removeMedia(sid: string): Promise<void>;
}

export function chatChannels(twilio: Twilio, { twilio: sids, flex }: Config): ChatChannels {
  const channelsOf = flex.backEnd === 'conversations' ? conversations : channels;
  const media = `https://mcs.us1.twilio.com/v1/Services/${sids.chatServiceSid}/Media`;
  return {
    ...channelsOf(twilio, sids.chatServiceSid),
    // Not in Twilio's SDK.
    async removeMedia(sid) {
      const { statusCode } = await twilio.request({ method: 'delete', uri: `${media}/${sid}` });
      if (statusCode < 300 || statusCode === 404) return;
      throw new CommandError(`Twilio answered ${statusCode}; the file stays`);
    },
  };
}

type Products = Omit<ChatChannels, 'removeMedia'>;

function conversations(twilio: Twilio, serviceSid: string): Products {
  const service = twilio.conversations.v1.services(serviceSid);
  return {
    noun: 'conversation',
    find: async (name) => (await orAbsent(service.conversations(name).fetch()))?.sid,
    messages: async (sid, most) =>
      (await service.conversations(sid).messages.list(pagesOf(most))).map(toKept),
    async post(sid, author, body) {
      const message = { author, body, xTwilioWebhookEnabled: 'true' } as const;
      await service.conversations(sid).messages.create(message);
    },
    remove: (sid) => orGone(service.conversations(sid).remove()),
    findUser: async (identity) => (await orAbsent(service.users(identity).fetch()))?.sid,
    removeUser: (sid) => orGone(service.users(sid).remove()),
  };
}

function channels(twilio: Twilio, serviceSid: string): Products {
  const service = twilio.chat.v2.services(serviceSid);
  return {
    noun: 'channel',
    find: async (name) => (await orAbsent(service.channels(name).fetch()))?.sid,
    messages: async (sid, most) =>
      (await service.channels(sid).messages.list(pagesOf(most))).map(toKept),
    async post(sid, from, body) {
      const message = { from, body, xTwilioWebhookEnabled: 'true' } as const;
      await service.channels(sid).messages.create(message);
    },
    remove: (sid) => orGone(service.channels(sid).remove()),
    findUser: async (identity) => (await orAbsent(service.users(identity).fetch()))?.sid,
    removeUser: (sid) => orGone(service.users(sid).remove()),
  };
}

/** Twilio serves 100 at a time. */
const pagesOf = (limit: number) => ({ limit, pageSize: Math.min(limit, 100) });

/** Programmable Chat tells of one file, Conversations of a list. */
function toKept(message: { readonly media?: unknown }): KeptMessage {
  const files = [message.media ?? []].flat() as { readonly sid?: unknown }[];
  const mediaSids = files.map(({ sid }) => sid).filter((sid) => typeof sid === 'string');
  return { mediaSids };
}
