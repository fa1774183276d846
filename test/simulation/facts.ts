/** What a simulation has come to, as the invariants ask for it. */
import type { Message } from '#client/sdk/model/transcript';
import type { Tab } from './browser.ts';
import { pendingOf, type Typed } from './customer.ts';
import type { Conversation, ModelMessage } from './flex-model.ts';
import type { Simulation } from './simulation.ts';

/** A customer's message as Flex has it. */
export interface Posted {
  readonly id: string;
  readonly sessionId: string;
  readonly chat: number;
  readonly message: ModelMessage;
  /** Twilio has deleted the conversation since. */
  readonly isDeleted: boolean;
}

export interface NumberedChat {
  readonly number: number;
  readonly conversation: Conversation;
}

export function liveTabs({ customers }: Simulation): Tab[] {
  return customers.flatMap(({ browser }) => browser.liveTabs);
}

export function typedBy({ customers }: Simulation): Typed[] {
  return customers.flatMap(({ typed }) => typed);
}

export function messagesIn(tab: Tab): readonly Message[] {
  return tab.client.state.timeline.flatMap((item) =>
    item.kind === 'message' ? [item.message] : [],
  );
}

export function chatsOf({ flex }: Simulation, session: string): NumberedChat[] {
  return [...flex.conversations.values()].flatMap((conversation) => {
    const place = placeOf(conversation);
    return place.sessionId === session ? [{ number: place.chat, conversation }] : [];
  });
}

function placeOf({ uniqueName }: Conversation): { sessionId: string; chat: number } {
  const dash = uniqueName.lastIndexOf('-');
  return { sessionId: uniqueName.slice(0, dash), chat: Number(uniqueName.slice(dash + 1)) };
}

export function postedOf({ flex }: Simulation): Posted[] {
  return [...flex.conversations.values()].flatMap((conversation) =>
    conversation.messages.flatMap((message) => {
      const { clientMessageId } = JSON.parse(message.attributes) as { clientMessageId?: string };
      if (clientMessageId === undefined) return [];
      const { isDeleted } = conversation;
      return [{ ...placeOf(conversation), id: clientMessageId, message, isDeleted }];
    }),
  );
}

/** Told to have failed, and sent again by hand. */
export function retriedIds(simulation: Simulation): Set<string> {
  const retried = typedBy(simulation).filter(
    ({ id, isRetried }) => isRetried && simulation.rejected.has(id),
  );
  return new Set(retried.map(({ id }) => id));
}

/** Dead-lettered, perhaps without a word if the function died each time that it was to tell. */
export function deadLetteredIds({ queue }: Simulation): Set<string> {
  const letters = queue.deadLetters.filter((letter) => letter.kind === 'message');
  return new Set(letters.map(({ id }) => id));
}

/** Shown as failed (only what is shown so can be tried again by hand), or told so. */
export function failedIds(simulation: Simulation): Set<string> {
  const retried = typedBy(simulation).filter(({ isRetried }) => isRetried);
  const pending = liveTabs(simulation).flatMap(pendingOf);
  return new Set<string>([
    ...[...retried, ...pending.filter(({ state }) => state === 'failed')].map(({ id }) => id),
    ...simulation.rejected,
  ]);
}
