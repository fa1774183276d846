import type { Conversation } from '../../conversations/model.ts';
import { findConversation } from '../../conversations/state/conversation.ts';
import { type Call, found, type Operation, pathOf } from '../../rest/call.ts';
import { notFound, TwilioError } from '../../rest/twilio-error.ts';
import type { World } from '../../world/world.ts';
import { CHAT_HOST } from '../endpoints.ts';

/** Where Programmable Chat has another code than Conversations for the same refusal. */
const CODES: Readonly<Record<number, number>> = { 50353: 50307, 50390: 50303, 50433: 50404 };

/** @throws TwilioError 20404 for a service that the account does not have. */
export function serviceUrl(world: World, call: Call): string {
  const service = call.path['ServiceSid'] ?? call.path['Sid'];
  if (service !== world.account.chatServiceSid) throw notFound(pathOf(call));
  return `https://${CHAT_HOST}/v2/Services/${service}`;
}

/** @throws TwilioError 20404. */
export function channelOf(world: World, call: Call): Conversation {
  return found(findConversation(world, call.path['ChannelSid'] ?? call.path['Sid'] ?? ''), call);
}

/** Only the account's own service is served, and refusals get the codes of Programmable Chat. */
export function inProgrammableChat<Name extends string>(
  world: World,
  operations: Record<Name, Operation>,
): Record<Name, Operation> {
  const entries = Object.entries<Operation>(operations).map(([name, operation]) => [
    name,
    (call: Call) => {
      serviceUrl(world, call);
      try {
        return operation(call);
      } catch (error) {
        throw error instanceof TwilioError ? translated(error) : error;
      }
    },
  ]);
  return Object.fromEntries(entries);
}

const translated = (error: TwilioError): TwilioError =>
  new TwilioError(error.status, CODES[error.code] ?? error.code, error.message);
