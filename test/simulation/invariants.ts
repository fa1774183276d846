/** What has to hold once everything has come to rest. Each answers what is wrong; nothing is right. */

import { compareCursors } from '#client/sdk/model/transcript';
import { sessionId } from '#core/ids';
import type { ChatState } from '#protocol/events';
import type { Browser } from './browser.ts';
import { pendingOf, type Typed } from './customer.ts';
import {
  chatsOf,
  deadLetteredIds,
  failedIds,
  liveTabs,
  messagesIn,
  type NumberedChat,
  type Posted,
  postedOf,
  retriedIds,
  typedBy,
} from './facts.ts';
import { isLive } from './flex-model.ts';
import type { Simulation } from './simulation.ts';

export interface Violation {
  readonly invariant: string;
  readonly what: string;
}

type Invariant = (simulation: Simulation) => string[];

export const INVARIANTS: readonly Invariant[] = [
  acceptedMessagesAreStored,
  acceptedMessagesReachFlex,
  nothingTypedVanishes,
  theLastWordArrives,
  noMessageIsPostedTwice,
  messagesStayInTheirChat,
  attributesArriveAsTyped,
  chatsKnowTheirCustomer,
  messagesKeepTheirOrder,
  tabsShowTheTranscript,
  tabsShowWhatFlexSays,
  noOutboxEntryIsStuck,
  nothingIsBothSentAndPending,
  tabsAreOnline,
  tabsAgreeWithFlex,
  theEndIsToldOnce,
  channelsAreSetUpOnce,
  nobodyIsServedTwice,
  noChatTalksToNobody,
  attemptsAreFew,
  theQueueIsEmpty,
];

/** Each acceptance puts a letter of its own into the queue, also when a message is sent again. */
function acceptedMessagesAreStored({ accepted, queue }: Simulation): string[] {
  const stored = queue.stored.flatMap((letter) => (letter.kind === 'message' ? [letter.id] : []));
  const count = (ids: readonly string[], id: string) => ids.filter((one) => one === id).length;
  const ids = accepted.map(({ id }) => id);
  return [...new Set(ids)]
    .filter((id) => count(ids, id) !== count(stored, id))
    .map((id) => `${id} was accepted ${count(ids, id)} times, stored ${count(stored, id)} times`);
}

/** In Flex, or known to have failed: shown so, or told so. */
function acceptedMessagesReachFlex(simulation: Simulation): string[] {
  const posted = new Set(postedOf(simulation).map(keyOf));
  const known = new Set([...failedIds(simulation), ...forgottenIds(simulation)]);
  return simulation.accepted
    .filter((letter) => !posted.has(keyOf(letter)) && !known.has(letter.id))
    .map(({ id }) => `${id} was accepted and is nowhere`);
}

/** Dead-lettered for an operator, and kept by nobody who could send it again or show it as failed. */
function forgottenIds(simulation: Simulation): string[] {
  const deadLettered = deadLetteredIds(simulation);
  return simulation.customers.flatMap(({ browser, typed }) =>
    typed
      .filter(({ id, tab }) => deadLettered.has(id) && !isKept(browser, tab))
      .map(({ id }) => id),
  );
}

/** Tabs on their own don't look after what another one has left. */
function isKept({ liveTabs: open, shared, tabs, talk }: Browser, tab: string): boolean {
  const tabId = tabs.find(({ name }) => name === tab)?.tabId;
  return !shared.wasForbidden && (talk !== 'alone' || open.some((one) => one.tabId === tabId));
}

/** A tab shows what was typed in it, in Flex or not, whatever storage has kept; earlier chats are let go. */
function nothingTypedVanishes(simulation: Simulation): string[] {
  const posted = new Map(postedOf(simulation).map((one) => [one.id, one]));
  return simulation.customers.flatMap(({ browser, typed }) =>
    browser.liveTabs.flatMap((tab) => {
      const { view } = tab;
      const keys = new Set(tab.client.state.timeline.map(({ key }) => key));
      const isMissing = ({ tab: name, id }: Typed): boolean => {
        const place = posted.get(id);
        if (name !== tab.name || keys.has(`own:${id}`)) return false;
        if (place === undefined) return true;
        // What Twilio has deleted can't be read again.
        if (place.isDeleted) return false;
        return place.sessionId === view?.sessionId && place.chat >= view.firstChat;
      };
      return typed.filter(isMissing).map(({ id }) => `${tab.name} does not show ${id}`);
    }),
  );
}

/** Written after all faults, and perhaps once more: nothing is stuck for ever. */
function theLastWordArrives(simulation: Simulation): string[] {
  const posted = new Set(postedOf(simulation).map(({ id }) => id));
  return simulation.customers.flatMap(({ lastWord, browser }) =>
    lastWord !== undefined && posted.has(lastWord) ? [] : [`that of ${browser.name} did not`],
  );
}

/** In a later chat once more only by hand, after the customer was told that it had failed. */
function noMessageIsPostedTwice(simulation: Simulation): string[] {
  const byHand = retriedIds(simulation);
  const keys = postedOf(simulation).map((posted) =>
    byHand.has(posted.id) ? `${keyOf(posted)} in chat ${posted.chat}` : keyOf(posted),
  );
  return repeated(keys).map((key) => `${key} is in Flex twice`);
}

function messagesStayInTheirChat(simulation: Simulation): string[] {
  return postedOf(simulation).flatMap(({ id, sessionId: session, chat }) => {
    const named = simulation.accepted.filter(
      (letter) => letter.id === id && letter.sessionId === session,
    );
    return named.some((letter) => letter.chat === undefined || letter.chat === chat)
      ? []
      : [`${id} is in chat ${chat}, which it did not name`];
  });
}

function attributesArriveAsTyped(simulation: Simulation): string[] {
  const typed = new Map(typedBy(simulation).map((one) => [one.id, one]));
  return postedOf(simulation).flatMap(({ id, message }) => {
    const expected = JSON.stringify({ ...typed.get(id)?.attributes, clientMessageId: id });
    return message.attributes === expected ? [] : [`${id} has ${message.attributes}`];
  });
}

/**
 * A chat opens with the profile that was last told in its first message's tab, or a later one:
 * as far as tabs know of each other, and nothing in the browser was interrupted.
 */
function chatsKnowTheirCustomer(simulation: Simulation): string[] {
  const reliable = simulation.customers.filter(({ browser }) => {
    const { shared, tabs, talk, wasInterrupted } = browser;
    const isOne = tabs.length === 1 || (talk !== 'alone' && !shared.wasForbidden);
    return isOne && !wasInterrupted;
  });
  const profiles = new Map(
    reliable.flatMap(({ typed }) => typed.map(({ id, profile }) => [id, profile])),
  );
  return [...new Set(simulation.accepted.map((letter) => letter.sessionId))].flatMap((session) =>
    chatsOf(simulation, session).flatMap(({ number, conversation }) => {
      const letters = simulation.accepted.filter(
        ({ sessionId: own, chat = number }) => own === session && chat === number,
      );
      const least = Math.min(...letters.map(({ id }) => profiles.get(id) ?? 0));
      const { name } = JSON.parse(conversation.attributes) as { name: string };
      const known = Number(name.split(' ')[1] ?? 0);
      return known >= least ? [] : [`${conversation.uniqueName} knows ${name}, not ${least}`];
    }),
  );
}

/** Of one tab, as typed; those that failed or were dead-lettered in between have lost their place. */
function messagesKeepTheirOrder(simulation: Simulation): string[] {
  const posted = postedOf(simulation);
  const places = new Map(posted.map((one) => [one.id, one]));
  const displaced = new Set([...failedIds(simulation), ...deadLetteredIds(simulation)]);
  const wrong: string[] = [];
  const last = new Map<string, Posted>();
  for (const typed of typedBy(simulation)) {
    const place = places.get(typed.id);
    if (place === undefined || displaced.has(typed.id)) continue;
    const line = `${typed.tab} ${place.sessionId}`;
    const before = last.get(line);
    if (before && comparePlaces(before, place) > 0)
      wrong.push(`${before.id} stands after ${place.id}`);
    last.set(line, place);
  }
  return wrong;
}

/** Every message of the chats that a tab can know, each once, ascending. */
function tabsShowTheTranscript(simulation: Simulation): string[] {
  return liveTabs(simulation).flatMap((tab) => {
    const { view } = tab;
    if (view === undefined) return [];
    const shown = messagesIn(tab);
    const ascends = shown.every((message, place) => {
      const before = shown[place - 1];
      return before === undefined || compareCursors(before, message) < 0;
    });
    const seen = new Set(shown.map(({ chat, index }) => `${chat}:${index}`));
    const missing = chatsOf(simulation, view.sessionId)
      .filter(({ number }) => number >= view.firstChat && number <= view.lastChat)
      .filter(({ conversation }) => !conversation.isDeleted)
      .flatMap(({ number, conversation }) =>
        conversation.messages.map(({ index }) => `${number}:${index}`),
      )
      .filter((place) => !seen.has(place));
    return [
      ...(ascends ? [] : [`${tab.name} shows messages out of order or twice`]),
      ...(missing.length > 0 ? [`${tab.name} does not show ${missing.join(' ')}`] : []),
    ];
  });
}

/** Every message as it is in Flex now, and none that was deleted. */
function tabsShowWhatFlexSays(simulation: Simulation): string[] {
  return liveTabs(simulation).flatMap((tab) => {
    const { view } = tab;
    if (view === undefined) return [];
    const chats = new Map(
      chatsOf(simulation, view.sessionId)
        .filter(({ conversation }) => !conversation.isDeleted)
        .map(({ number, conversation }) => [number, conversation.messages]),
    );
    return messagesIn(tab).flatMap(({ chat, index, body }) => {
      const messages = chats.get(chat);
      const message = messages?.find((one) => one.index === index);
      if (messages === undefined || message?.body === body) return [];
      const inFlex = message === undefined ? 'deleted' : message.body;
      return [`${tab.name} shows ${chat}:${index} as ${body}, Flex: ${inFlex}`];
    });
  });
}

function noOutboxEntryIsStuck(simulation: Simulation): string[] {
  return liveTabs(simulation).flatMap((tab) =>
    pendingOf(tab)
      .filter(({ state }) => state !== 'failed')
      .map(({ id, state }) => `${id} is still ${state} in ${tab.name}`),
  );
}

function nothingIsBothSentAndPending(simulation: Simulation): string[] {
  const byHand = new Set([...retriedIds(simulation)].map((id) => `own:${id}`));
  return liveTabs(simulation).flatMap((tab) => {
    const keys = tab.client.state.timeline.flatMap(({ kind, key }) =>
      kind === 'message' && byHand.has(key) ? [] : [key],
    );
    return repeated(keys).map((key) => `${tab.name} shows ${key} twice`);
  });
}

function tabsAreOnline(simulation: Simulation): string[] {
  return liveTabs(simulation)
    .filter((tab) => tab.client.state.connection.name !== 'online')
    .map((tab) => `${tab.name} is ${tab.client.state.connection.name}`);
}

/** A chat is open or ended in every tab, and in the session, as it is in Flex. */
function tabsAgreeWithFlex(simulation: Simulation): string[] {
  return liveTabs(simulation).flatMap((tab) => {
    const { view } = tab;
    const shown = tab.client.state.chat;
    if (view === undefined || shown === undefined) return [];
    const begun = chatsOf(simulation, view.sessionId).filter(hasBegun);
    const expected = stateIn(begun, shown.number);
    const isMissed = ({ number }: NumberedChat) => number > shown.number && number <= view.lastChat;
    // A next chat without a message is nothing that a tab has to know.
    const isUnknown = shown.state === 'ended' ? expected === 'none' : shown.number > view.lastChat;
    const agrees = shown.state === expected || isUnknown;
    const stored = simulation.cloud.table.sessions.get(sessionId(view.sessionId))?.chat;
    const isStored = stored?.number !== shown.number || agreesOn(stored.state, expected);
    return [
      ...(agrees ? [] : [`${tab.name}: chat ${shown.number} is ${shown.state}, Flex: ${expected}`]),
      ...(begun.some(isMissed) ? [`${tab.name} lags behind`] : []),
      ...(isStored ? [] : [`${view.sessionId}: chat is ${stored.state}, Flex: ${expected}`]),
    ];
  });
}

const hasBegun = ({ conversation }: NumberedChat): boolean => conversation.messages.length > 0;

function stateIn(chats: readonly NumberedChat[], number: number): ChatState {
  const conversation = chats.find((chat) => chat.number === number)?.conversation;
  if (conversation === undefined) return 'none';
  return conversation.isClosed || conversation.isDeleted ? 'ended' : 'open';
}

/** A channel without a message may have been opened for one that failed. */
const agreesOn = (stored: ChatState, inFlex: ChatState): boolean =>
  stored === inFlex || inFlex === 'none';

function theEndIsToldOnce({ gateway }: Simulation): string[] {
  const ends = gateway.told.flatMap(({ connection, event }) =>
    event.type === 'ended' ? [`${connection} chat ${event.chat}`] : [],
  );
  return repeated(ends).map((end) => `the end was told twice to ${end}`);
}

/** One interaction, each webhook once; that a chat has one channel follows from its name. */
function channelsAreSetUpOnce({ flex }: Simulation): string[] {
  return [...flex.conversations.values()].flatMap(({ uniqueName, webhooks }) =>
    repeated(webhooks.map(({ url, flowSid }) => String(url ?? flowSid))).map(
      (webhook) => `${uniqueName} has ${webhook} twice`,
    ),
  );
}

/** Two agents at most in a row, never two tasks side by side. */
function nobodyIsServedTwice({ flex }: Simulation): string[] {
  return [...flex.conversations.values()].flatMap(({ uniqueName, tasks }) => {
    const live = tasks.filter(isLive).length;
    return live > 1 ? [`${uniqueName} has ${live} tasks at once`] : [];
  });
}

/** A chat that its customer sees open is some agent's, is to become some agent's, or was paused by one. */
function noChatTalksToNobody(simulation: Simulation): string[] {
  const present = new Set(liveTabs(simulation).flatMap(({ view }) => view?.sessionId ?? []));
  return [...simulation.cloud.table.sessions].flatMap(([id, { chat }]) => {
    if (chat.state !== 'open' || !present.has(id)) return [];
    const own = chatsOf(simulation, id).find(({ number }) => number === chat.number);
    if (own === undefined || own.conversation.isPaused) return [];
    return own.conversation.tasks.some(isLive)
      ? []
      : [`chat ${chat.number} of ${id} talks to nobody`];
  });
}

function attemptsAreFew({ cloud }: Simulation): string[] {
  return [...cloud.table.sessions].flatMap(([id, { attempts }]) =>
    attempts.length > 20 ? [`${id} remembers ${attempts.length} attempts`] : [],
  );
}

function theQueueIsEmpty({ queue }: Simulation): string[] {
  return queue.isEmpty ? [] : ['letters are left in the queue'];
}

const keyOf = ({ id, sessionId: session }: { id: string; sessionId: string }): string =>
  `${session} ${id}`;

const comparePlaces = (a: Posted, b: Posted): number =>
  compareCursors(
    { chat: a.chat, index: a.message.index },
    { chat: b.chat, index: b.message.index },
  );

function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, place) => values.indexOf(value) !== place))];
}
