/** Posting, finding and listing the messages of a channel, which both products do alike. */
import * as v from 'valibot';
import type { FlexMessage, FlexMessages } from '#core/flex';
import { type ChatRef, customerIdentity } from '#core/session';
import type { TwilioRest } from '../rest/rest-client.ts';
import { below, path, type TwilioPath } from '../rest/twilio-path.ts';
import { unlessUnknown } from '../rest/unless-unknown.ts';
import { messageAttributes } from './content-fields.ts';
import { clientMessageIdOf, editedAt } from './message-fields.ts';
import { findNewest, messageListSchema, readAfter, readLatest } from './message-pages.ts';
import { uniqueName } from './unique-name.ts';

/** A message as a product's REST API shows it, as far as both do it alike. */
interface StoredMessage {
  readonly index: number;
  readonly attributes: string;
  readonly date_created?: number | undefined;
  readonly date_updated?: number | undefined;
}

/** What differs between the products. */
export interface MessageDialect<Message extends StoredMessage> {
  readonly host: string;
  /** @param channel SID or unique name. */
  readonly channelPath: (channel: string) => TwilioPath;
  /** The field of a post that names its author. */
  readonly authorField: 'Author' | 'From';
  readonly message: v.GenericSchema<unknown, Message>;
  /** False where somebody else than this identity is named as the author. */
  readonly mayBeBy: (message: Message, identity: string) => boolean;
  /** @param agents those of the authors who are known to be agents; only `agentsAmong` knows them. */
  readonly toFlexMessage: (message: Message, agents: ReadonlySet<string>) => FlexMessage;
  /** Which authors are agents, where a message does not tell. */
  readonly agentsAmong?: (
    messages: readonly Message[],
    chat: ChatRef,
  ) => Promise<ReadonlySet<string>>;
}

const wasChanged = ({ date_created, date_updated }: StoredMessage): boolean =>
  'editedAtMs' in editedAt(date_created, date_updated);

const NOBODY: ReadonlySet<string> = new Set();

export function createChannelMessages<Message extends StoredMessage>(
  rest: TwilioRest,
  dialect: MessageDialect<Message>,
): Omit<FlexMessages, 'markRead'> {
  const { host, channelPath, authorField, mayBeBy, toFlexMessage, agentsAmong } = dialect;
  const answer = messageListSchema(dialect.message);
  const messagesOf = (channel: string) => below(channelPath(channel), path`/Messages`);
  const listOf = (chat: ChatRef) =>
    ({ method: 'GET', host, path: messagesOf(uniqueName(chat)), answer }) as const;
  const shown = async (chat: ChatRef, messages: readonly Message[]) => {
    const agents = (await agentsAmong?.(messages, chat)) ?? NOBODY;
    return messages.map((one) => toFlexMessage(one, agents));
  };
  return {
    async postMessage(channel, chat, message) {
      await rest({
        method: 'POST',
        host,
        path: messagesOf(channel.sid),
        form: {
          [authorField]: customerIdentity(chat.sessionId),
          ...('body' in message ? { Body: message.body } : { MediaSid: message.mediaId }),
          Attributes: messageAttributes(message),
        },
        // Our own webhook confirms the message to every tab, and a flow hears it.
        webhookEnabled: true,
        // The status says that it is posted. What else the answer tells is not needed.
        answer: v.unknown(),
      });
    },

    findMessage: (chat, id, sinceMs) =>
      unlessUnknown(undefined, async () => {
        const identity = customerIdentity(chat.sessionId);
        const found = await findNewest(
          rest,
          listOf(chat),
          sinceMs,
          (message) =>
            mayBeBy(message, identity) &&
            clientMessageIdOf(message.attributes).clientMessageId === id,
        );
        // The customer wrote it: no agent is asked for.
        return found && toFlexMessage(found, NOBODY);
      }),

    listMessages: (chat, afterIndex, limit, places) =>
      unlessUnknown({ messages: [], complete: true }, async () => {
        const { kept, ...range } = await readAfter(rest, listOf(chat), afterIndex, limit, places);
        const changed = kept?.messages.filter(wasChanged) ?? [];
        const all = await shown(chat, [...changed, ...range.messages]);
        const messages = all.slice(changed.length);
        if (kept === undefined) return { ...range, messages };
        const indexes = kept.messages.map(({ index }) => index);
        const edited = all.slice(0, changed.length);
        return { ...range, messages, kept: { from: kept.from, indexes, edited } };
      }),

    listLatest: (chat, limit) =>
      unlessUnknown({ messages: [], complete: true }, async () => {
        const { messages, complete } = await readLatest(rest, listOf(chat), limit);
        return { messages: await shown(chat, messages), complete };
      }),

    lastWordAtMs: (chat) =>
      unlessUnknown(undefined, async () => {
        const newest = await findNewest(rest, listOf(chat), Infinity, () => true);
        return newest?.date_created;
      }),
  };
}
