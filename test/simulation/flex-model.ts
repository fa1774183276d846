/** Conversations as Twilio Flex holds them: the facts that the simulation is judged by. */
import type { World } from './world.ts';

export interface ModelMessage {
  readonly index: number;
  readonly sid: string;
  readonly author: string;
  readonly isPerson: boolean;
  readonly body: string;
  readonly attributes: string;
  readonly hasMedia: boolean;
  readonly atMs: number;
}

export interface ModelWebhook {
  readonly target: string;
  readonly url: string | undefined;
  readonly flowSid: string | undefined;
  readonly filters: readonly string[];
}

export interface Conversation {
  readonly sid: string;
  readonly uniqueName: string;
  readonly attributes: string;
  readonly messages: ModelMessage[];
  /** SIDs by identity. */
  readonly participants: Map<string, string>;
  readonly webhooks: ModelWebhook[];
  /** Set once it is an agent's work. */
  task?: { readonly sid: string; readonly interactionSid: string; readonly channelSid: string };
  tasks: number;
  isClosed: boolean;
}

type NewMessage = Pick<ModelMessage, 'author' | 'body'> &
  Partial<Pick<ModelMessage, 'isPerson' | 'attributes' | 'hasMedia'>>;

/** Called for each change that webhooks tell of. */
export type OnFlexEvent = (
  conversation: Conversation,
  eventType: string,
  fields: Readonly<Record<string, string>>,
  message?: ModelMessage,
) => void;

export class FlexModel {
  readonly conversations = new Map<string, Conversation>();
  readonly #world: World;
  readonly #onEvent: OnFlexEvent;
  #serial = 0;

  constructor(world: World, onEvent: OnFlexEvent) {
    this.#world = world;
    this.#onEvent = onEvent;
  }

  /** @param name SID or unique name. */
  find(name: string): Conversation | undefined {
    const byName = this.conversations.get(name);
    return byName ?? [...this.conversations.values()].find(({ sid }) => sid === name);
  }

  create(uniqueName: string, attributes: string): Conversation {
    const conversation: Conversation = {
      sid: this.#newSid('CH'),
      uniqueName,
      attributes,
      messages: [],
      participants: new Map(),
      webhooks: [],
      tasks: 0,
      isClosed: false,
    };
    this.conversations.set(uniqueName, conversation);
    this.#world.trace.add('flex', `opens ${uniqueName}`);
    return conversation;
  }

  /** Creates the interaction and its task. */
  route(conversation: Conversation): NonNullable<Conversation['task']> {
    conversation.tasks += 1;
    conversation.task ??= {
      sid: this.#newSid('WT'),
      interactionSid: this.#newSid('KD'),
      channelSid: this.#newSid('UO'),
    };
    this.#world.trace.add('flex', `task for ${conversation.uniqueName}`);
    return conversation.task;
  }

  /** @param isHeard whether webhooks tell of it. */
  say(conversation: Conversation, message: NewMessage, isHeard = true): ModelMessage {
    const gap = this.#world.random.chance(0.1) ? this.#world.random.between(1, 3) : 0;
    const added: ModelMessage = {
      index: (conversation.messages.at(-1)?.index ?? -1) + 1 + gap,
      sid: this.#newSid('IM'),
      isPerson: false,
      attributes: '{}',
      hasMedia: false,
      atMs: this.#world.scheduler.nowMs,
      ...message,
    };
    conversation.messages.push(added);
    this.#world.trace.add(
      'flex',
      `${conversation.uniqueName}:${added.index} ${added.author}: ${added.body || 'media'}`,
    );
    if (isHeard) this.#onEvent(conversation, 'onMessageAdded', messageFields(added), added);
    return added;
  }

  join(conversation: Conversation, identity: string, isHeard: boolean): void {
    if (conversation.participants.has(identity)) return;
    const sid = this.#newSid('MB');
    conversation.participants.set(identity, sid);
    if (!isHeard) return;
    const fields = { Identity: identity, ParticipantSid: sid };
    this.#onEvent(conversation, 'onParticipantAdded', fields);
  }

  leave(conversation: Conversation, identity: string): void {
    const sid = conversation.participants.get(identity);
    if (sid === undefined) return;
    conversation.participants.delete(identity);
    const fields = { Identity: identity, ParticipantSid: sid };
    this.#onEvent(conversation, 'onParticipantRemoved', fields);
  }

  read(conversation: Conversation, identity: string, index: number): void {
    const fields = { Identity: identity, LastReadMessageIndex: String(index) };
    this.#onEvent(conversation, 'onParticipantUpdated', fields);
  }

  close(conversation: Conversation, { isHeard = true, reason = 'API' } = {}): void {
    if (conversation.isClosed) return;
    conversation.isClosed = true;
    this.#world.trace.add('flex', `closes ${conversation.uniqueName}${isHeard ? '' : ' unheard'}`);
    if (!isHeard) return;
    const StateUpdated = new Date(this.#world.scheduler.nowMs).toISOString();
    const fields = { StateTo: 'closed', StateUpdated, Reason: reason };
    this.#onEvent(conversation, 'onConversationStateUpdated', fields);
  }

  #newSid(prefix: string): string {
    this.#serial += 1;
    return prefix + this.#serial.toString(16).padStart(32, '0');
  }
}

function messageFields(message: ModelMessage): Record<string, string> {
  return {
    Index: String(message.index),
    Author: message.author,
    ParticipantSid: message.isPerson ? 'MB1' : '',
    Source: message.isPerson ? 'SDK' : 'API',
    Body: message.body,
    Attributes: message.attributes,
    DateCreated: new Date(message.atMs).toISOString(),
    ...(message.hasMedia && { Media: JSON.stringify([MEDIA]) }),
  };
}

const MEDIA = { Sid: 'ME1', Filename: 'form.pdf', ContentType: 'application/pdf', Size: 9 };
