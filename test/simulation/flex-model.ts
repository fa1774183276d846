/** Conversations as Twilio Flex holds them: the facts that the simulation is judged by. */
import type { World } from './world.ts';

export interface ModelMessage {
  readonly index: number;
  readonly sid: string;
  readonly author: string;
  readonly isPerson: boolean;
  body: string;
  attributes: string;
  readonly hasMedia: boolean;
  readonly atMs: number;
  updatedAtMs: number;
}

export interface ModelWebhook {
  readonly target: string;
  readonly url: string | undefined;
  readonly flowSid: string | undefined;
  readonly filters: readonly string[];
}

/** An agent's work on a conversation, as TaskRouter has it. `unmade`: Flex promised it, and it never came. */
export interface ModelTask {
  readonly sid: string;
  status: 'unmade' | 'pending' | 'assigned' | 'wrapping' | 'completed' | 'canceled' | 'deleted';
}

/** Flex's record of what carries a conversation to agents. */
export interface ModelInteraction {
  readonly sid: string;
  readonly channelSid: string;
  status: 'active' | 'inactive' | 'closed' | 'failed';
}

export interface Conversation {
  readonly sid: string;
  readonly uniqueName: string;
  readonly attributes: string;
  readonly messages: ModelMessage[];
  /** Above those of all messages that there were. */
  nextIndex: number;
  /** SIDs by identity. */
  readonly participants: Map<string, string>;
  readonly webhooks: ModelWebhook[];
  /** Set once it is, or is to be, an agent's work. */
  interaction?: ModelInteraction;
  /** All that there were, the latest last. */
  readonly tasks: ModelTask[];
  /** The agent has paused it: the next message makes another task. */
  isPaused: boolean;
  isClosed: boolean;
  /** Deleted, by a retention rule or by hand: Twilio knows nothing of it any more. */
  isDeleted: boolean;
}

type NewMessage = Pick<ModelMessage, 'author' | 'body'> &
  Partial<Pick<ModelMessage, 'isPerson' | 'attributes' | 'hasMedia'>>;

/** Called for each change of a task that Event Streams tell of. */
export type OnTaskEvent = (conversation: Conversation, type: string, task: ModelTask) => void;

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
  readonly #onTaskEvent: OnTaskEvent;
  #serial = 0;

  constructor(world: World, onEvent: OnFlexEvent, onTaskEvent: OnTaskEvent) {
    this.#world = world;
    this.#onEvent = onEvent;
    this.#onTaskEvent = onTaskEvent;
  }

  /** @param name SID or unique name. */
  find(name: string): Conversation | undefined {
    const byName = this.conversations.get(name);
    const found = byName ?? [...this.conversations.values()].find(({ sid }) => sid === name);
    return found?.isDeleted ? undefined : found;
  }

  create(uniqueName: string, attributes: string): Conversation {
    const conversation: Conversation = {
      sid: this.#newSid('CH'),
      uniqueName,
      attributes,
      messages: [],
      nextIndex: 0,
      participants: new Map(),
      webhooks: [],
      tasks: [],
      isPaused: false,
      isClosed: false,
      isDeleted: false,
    };
    this.conversations.set(uniqueName, conversation);
    this.#world.trace.add('flex', `opens ${uniqueName}`);
    return conversation;
  }

  /** Creates the interaction, and its task unless routing fails. */
  route(
    conversation: Conversation,
    { mayFail = true } = {},
  ): ModelInteraction & { readonly taskSid: string } {
    const interaction: ModelInteraction = {
      sid: this.#newSid('KD'),
      channelSid: this.#newSid('UO'),
      status: 'active',
    };
    conversation.interaction = interaction;
    const { sid: taskSid } = this.invite(conversation, interaction, { mayFail });
    return { ...interaction, taskSid };
  }

  /** Makes a task in an interaction that is under way; with `routingFails` it is promised, and never comes. */
  invite(
    conversation: Conversation,
    interaction: ModelInteraction,
    { mayFail = true } = {},
  ): ModelTask {
    const { weather, trace, random } = this.#world;
    const task: ModelTask = { sid: this.#newSid('WT'), status: 'pending' };
    conversation.tasks.push(task);
    conversation.isPaused = false;
    interaction.status = 'active';
    if (!mayFail || !weather.strikes('routingFails')) {
      trace.add('flex', `task ${task.sid} for ${conversation.uniqueName}`);
      this.#onTaskEvent(conversation, 'task.created', task);
      return task;
    }
    task.status = 'unmade';
    trace.add('flex', `task for ${conversation.uniqueName} is never made`);
    if (random.chance(0.5)) {
      interaction.status = 'failed';
      const fields = { InteractionSid: interaction.sid, ChannelSid: interaction.channelSid };
      this.#onEvent(conversation, 'onChannelCreateFailed', fields);
    }
    return task;
  }

  /** A task comes to its end, or to its wrap-up. */
  setTask(conversation: Conversation, task: ModelTask, status: ModelTask['status']): void {
    if (task.status === status || !isLive(task)) return;
    task.status = status;
    this.#world.trace.add('flex', `${task.sid} of ${conversation.uniqueName} is ${status}`);
    const type = { assigned: 'reservation.accepted', wrapping: 'task.wrapup' }[String(status)];
    this.#onTaskEvent(conversation, type ?? `task.${status}`, task);
  }

  /** The agent leaves for a while. */
  pause(conversation: Conversation, agent: string): void {
    const task = conversation.tasks.at(-1);
    conversation.isPaused = true;
    if (conversation.interaction) conversation.interaction.status = 'inactive';
    if (task) this.setTask(conversation, task, 'completed');
    this.leave(conversation, agent);
    this.#onEvent(conversation, 'onConversationStateUpdated', {
      StateTo: 'inactive',
      Reason: 'API',
    });
  }

  delete(conversation: Conversation): void {
    conversation.isDeleted = true;
    this.#world.trace.add('flex', `deletes ${conversation.uniqueName}`);
    this.#onEvent(conversation, 'onConversationRemoved', {});
  }

  /** @param isHeard whether webhooks tell of it. */
  say(conversation: Conversation, message: NewMessage, isHeard = true): ModelMessage {
    const gap = this.#world.random.chance(0.1) ? this.#world.random.between(1, 3) : 0;
    const added: ModelMessage = {
      index: conversation.nextIndex + gap,
      sid: this.#newSid('IM'),
      isPerson: false,
      attributes: '{}',
      hasMedia: false,
      atMs: this.#world.scheduler.nowMs,
      updatedAtMs: this.#world.scheduler.nowMs,
      ...message,
    };
    conversation.nextIndex = added.index + 1;
    conversation.messages.push(added);
    this.#world.trace.add(
      'flex',
      `${conversation.uniqueName}:${added.index} ${added.author}: ${added.body || 'media'}`,
    );
    if (isHeard) this.#onEvent(conversation, 'onMessageAdded', messageFields(added), added);
    const { interaction, isPaused } = conversation;
    if (isPaused && interaction) this.invite(conversation, interaction);
    return added;
  }

  /** @param body undefined: only its attributes are changed, and webhooks tell of it all the same. */
  edit(conversation: Conversation, message: ModelMessage, body?: string): void {
    const { scheduler, trace } = this.#world;
    if (body === undefined) message.attributes = withField(message.attributes, 'seen', true);
    else message.body = body;
    message.updatedAtMs = scheduler.nowMs;
    trace.add('flex', `${conversation.uniqueName}:${message.index} is edited: ${message.body}`);
    const DateUpdated = new Date(message.updatedAtMs).toISOString();
    this.#onEvent(conversation, 'onMessageUpdated', { ...messageFields(message), DateUpdated });
  }

  deleteMessage(conversation: Conversation, message: ModelMessage): void {
    conversation.messages.splice(conversation.messages.indexOf(message), 1);
    this.#world.trace.add('flex', `${conversation.uniqueName}:${message.index} is deleted`);
    this.#onEvent(conversation, 'onMessageRemoved', messageFields(message));
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
    this.#world.trace.add(
      'flex',
      `closes ${conversation.uniqueName}${isHeard ? '' : ' without a word'}`,
    );
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

/** Whether an agent has it, or is to get it. */
export const isLive = ({ status }: ModelTask): boolean =>
  status === 'pending' || status === 'assigned';

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

const withField = (attributes: string, name: string, value: unknown): string =>
  JSON.stringify({ ...JSON.parse(attributes), [name]: value });

const MEDIA = { Sid: 'ME1', Filename: 'form.pdf', ContentType: 'application/pdf', Size: 9 };
