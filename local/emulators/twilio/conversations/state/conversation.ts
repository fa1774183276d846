import { conflict, TwilioError } from '../../rest/twilio-error.ts';
import { announce, isoMs, type World } from '../../world/world.ts';
import type { Actor, Conversation, ConversationState } from '../model.ts';

/** What a request may set; undefined leaves a value as it is. */
export interface ConversationChange {
  readonly uniqueName?: string | undefined;
  readonly friendlyName?: string | undefined;
  readonly attributes?: string | undefined;
  readonly state?: ConversationState | undefined;
  readonly inactiveTimerMs?: number | undefined;
  readonly closedTimerMs?: number | undefined;
  readonly createdAtMs?: number | undefined;
  readonly updatedAtMs?: number | undefined;
}

export type StateReason = 'API' | 'TIMER' | 'EVENT';

export function createConversation(
  world: World,
  change: ConversationChange & Partial<Pick<Conversation, 'channelType'>>,
  actor: Actor,
): Conversation {
  if (change.state === 'closed') {
    throw new TwilioError(400, 50384, 'A conversation cannot be created closed');
  }
  const nowMs = world.nowMs();
  const conversation: Conversation = {
    sid: world.newSid('CH'),
    serviceSid: world.account.chatServiceSid,
    uniqueName: null,
    friendlyName: null,
    attributes: '{}',
    state: change.state ?? 'active',
    lastActivityMs: nowMs,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    nextIndex: 0,
    messages: [],
    participants: [],
    webhooks: [],
    channelType: change.channelType ?? 'private',
    channelWebhooks: [],
  };
  applyChange(world, conversation, change);
  world.conversations.set(conversation.sid, conversation);
  announce(world, {
    type: 'onConversationAdded',
    conversation,
    actor,
    fields: conversationFields(world, conversation),
  });
  return conversation;
}

/** @throws TwilioError 50377 when it is closed, which is final. */
export function updateConversation(
  world: World,
  conversation: Conversation,
  change: ConversationChange,
  actor: Actor,
): void {
  assertOpen(conversation);
  applyChange(world, conversation, change);
  conversation.updatedAtMs = change.updatedAtMs ?? world.nowMs();
  const { state: _, ...others } = change;
  if (Object.values(others).some((value) => value !== undefined)) {
    const fields = conversationFields(world, conversation);
    announce(world, { type: 'onConversationUpdated', conversation, actor, fields });
  }
  if (change.state) changeState(world, conversation, change.state, 'API', actor);
}

export function deleteConversation(world: World, conversation: Conversation, actor: Actor): void {
  world.conversations.delete(conversation.sid);
  const fields = {
    ...conversationFields(world, conversation),
    DateRemoved: isoMs(world.nowMs()),
  };
  announce(world, { type: 'onConversationRemoved', conversation, actor, fields });
}

/** By SID or unique name. */
export const findConversation = (world: World, key: string): Conversation | undefined =>
  world.conversations.get(key) ??
  [...world.conversations.values()].find(({ uniqueName }) => uniqueName === key);

/** @throws TwilioError 50377. */
export function assertOpen({ state, sid }: Conversation): void {
  if (state !== 'closed') return;
  throw new TwilioError(400, 50377, `Conversation ${sid} is closed and cannot be changed`);
}

/** Changes nothing when the state is the same. */
export function changeState(
  world: World,
  conversation: Conversation,
  to: ConversationState,
  reason: StateReason,
  actor: Actor,
): void {
  const from = conversation.state;
  if (from === to) return;
  const nowMs = world.nowMs();
  conversation.state = to;
  conversation.updatedAtMs = nowMs;
  announce(world, {
    type: 'onConversationStateUpdated',
    conversation,
    actor,
    fields: {
      ConversationSid: conversation.sid,
      MessagingServiceSid: world.messagingServiceSid,
      StateUpdated: isoMs(nowMs),
      StateFrom: from,
      StateTo: to,
      Reason: reason,
    },
  });
}

/** Something happened in it: timers start anew, and an inactive conversation is active again. */
export function touch(world: World, conversation: Conversation, actor: Actor): void {
  conversation.lastActivityMs = world.nowMs();
  if (conversation.state === 'active') return;
  changeState(world, conversation, 'active', 'EVENT', actor);
}

function applyChange(world: World, conversation: Conversation, change: ConversationChange): void {
  const { uniqueName } = change;
  if (uniqueName !== undefined) assertFree(world, conversation, uniqueName);
  conversation.uniqueName = uniqueName ?? conversation.uniqueName;
  conversation.friendlyName = change.friendlyName ?? conversation.friendlyName;
  conversation.attributes = change.attributes ?? conversation.attributes;
  conversation.createdAtMs = change.createdAtMs ?? conversation.createdAtMs;
  if (change.inactiveTimerMs !== undefined) conversation.inactiveTimerMs = change.inactiveTimerMs;
  if (change.closedTimerMs !== undefined) conversation.closedTimerMs = change.closedTimerMs;
}

function assertFree(world: World, conversation: Conversation, uniqueName: string): void {
  if (/^CH[0-9a-f]{32}$/i.test(uniqueName)) {
    throw new TwilioError(400, 50390, 'UniqueName must not look like a conversation SID');
  }
  const owner = findConversation(world, uniqueName);
  if (owner !== undefined && owner !== conversation) {
    throw conflict(50353, 'Conversation with provided unique name already exists');
  }
}

function conversationFields(
  world: World,
  conversation: Conversation,
): Record<string, string | undefined> {
  return {
    ConversationSid: conversation.sid,
    MessagingServiceSid: world.messagingServiceSid,
    DateCreated: isoMs(conversation.createdAtMs),
    DateUpdated: isoMs(conversation.updatedAtMs),
    FriendlyName: conversation.friendlyName ?? undefined,
    UniqueName: conversation.uniqueName ?? undefined,
    Attributes: conversation.attributes,
    State: conversation.state,
  };
}
