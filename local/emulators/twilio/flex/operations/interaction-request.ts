import type { Actor, Conversation } from '../../conversations/model.ts';
import { createConversation, findConversation } from '../../conversations/state/conversation.ts';
import { addParticipant } from '../../conversations/state/participant.ts';
import { type Call, pathOf } from '../../rest/call.ts';
import { isSid } from '../../rest/check-parameters.ts';
import { badRequest, notFound } from '../../rest/twilio-error.ts';
import type { World } from '../../world/world.ts';
import type { InteractionRequest } from '../model.ts';

type Json = Readonly<Record<string, unknown>>;

/** There is none for custom channels: `web` makes the Flex UI draw a chat. */
const CHANNEL_TYPES = ['sms', 'whatsapp', 'web', 'chat', 'email', 'messenger', 'gbm', 'voice'];
const INITIATORS = ['customer', 'api'];
const DAY_SECONDS = 86_400;

/**
 * Reads the JSON of `Channel` and `Routing`. Simulated is an interaction that a customer (or a
 * Studio flow for one) starts for a conversation; other forms are refused.
 * Source: https://www.twilio.com/docs/flex/developer/conversations/interactions-api/interactions
 * @throws TwilioError 45366 naming the property at fault.
 */
export function interactionRequest(world: World, call: Call): InteractionRequest {
  const channel = object(call.parameters.json('Channel'), 'Channel');
  onlyKeys(channel, ['type', 'initiated_by', 'properties', 'participants'], 'Channel');
  const request = {
    ...channelOf(channel),
    ...inviteRouting(world, call),
    webhookTtid: webhookTtidOf(world, call),
  };
  // Last, as it may make one: nothing else can be refused any more.
  return { ...request, conversation: conversationOf(world, call, channel) };
}

/** The routing of an invite, which is written as that of an interaction. */
export function inviteRouting(world: World, call: Call): ReturnType<typeof routingOf> {
  const routing = object(call.parameters.json('Routing'), 'Routing');
  onlyKeys(routing, ['type', 'properties'], 'Routing');
  return routingOf(world, object(routing['properties'], 'Routing.properties'));
}

function channelOf(channel: Json): Pick<InteractionRequest, 'channelType' | 'initiatedBy'> {
  const { type, initiated_by: initiatedBy } = channel;
  if (typeof type !== 'string' || !CHANNEL_TYPES.includes(type)) {
    throw refused(`Channel.type: expected one of ${CHANNEL_TYPES.join(', ')}`);
  }
  // Studio writes `Customer`, the documentation `customer`.
  if (typeof initiatedBy !== 'string' || !INITIATORS.includes(initiatedBy.toLowerCase())) {
    throw refused('Channel.initiated_by: only customer and api are simulated');
  }
  return { channelType: type, initiatedBy };
}

/** The one that is named; Flex makes one for `api` that names none, with the participants in it. */
function conversationOf(world: World, call: Call, channel: Json): Conversation {
  if (channel['properties'] === undefined && channel['initiated_by'] === 'api') {
    return newConversation(world, channel['participants'] ?? []);
  }
  const properties = object(channel['properties'], 'Channel.properties');
  const name = 'media_channel_sid';
  onlyKeys(properties, [name], 'Channel.properties');
  const conversation = findConversation(world, sid(properties, name, 'CH', 'Channel.properties'));
  if (conversation === undefined) throw notFound(pathOf(call));
  return conversation;
}

/** Flex's own back end, of which no webhook of a conversation tells. */
const FLEX: Actor = { source: 'API', firesWebhooks: false };

function newConversation(world: World, participants: unknown): Conversation {
  if (!Array.isArray(participants)) throw refused('Channel.participants: expected a list');
  const identities = participants.map((each, index) => {
    const { identity } = object(each, `Channel.participants[${index}]`);
    if (typeof identity === 'string' && identity !== '') return identity;
    throw refused(`Channel.participants[${index}].identity: expected a text`);
  });
  const conversation = createConversation(world, {}, FLEX);
  for (const identity of new Set(identities)) {
    addParticipant(world, conversation, { identity }, FLEX);
  }
  return conversation;
}

function routingOf(world: World, properties: Json) {
  const where = 'Routing.properties';
  onlyKeys(
    properties,
    [
      'workspace_sid',
      'workflow_sid',
      'task_channel_unique_name',
      'attributes',
      'priority',
      'timeout',
    ],
    where,
  );
  const { account } = world;
  if (sid(properties, 'workspace_sid', 'WS', where) !== account.workspaceSid) {
    throw refused(`${where}.workspace_sid: no workspace of this account`);
  }
  const workflow = workflowOf(account.workflows, properties, where);
  return {
    workflowSid: workflow.sid,
    taskChannelUniqueName: taskChannelOf(workflow, properties, where),
    attributes: object(properties['attributes'] ?? {}, `${where}.attributes`),
    priority: integer(properties, 'priority', 0, where),
    timeout: integer(properties, 'timeout', DAY_SECONDS, where),
  };
}

/** Only webhooks of the type `interaction` are bound; a global one hears of it anyway. */
function webhookTtidOf(world: World, call: Call): string | undefined {
  const ttid = call.parameters.text('WebhookTtid');
  if (ttid === undefined) return undefined;
  if (world.interactionWebhooks.get(ttid)?.type === 'interaction') return ttid;
  throw refused(`WebhookTtid: ${ttid} is no webhook of the type interaction`);
}

type Workflow = World['account']['workflows'][number];

/** May be left out when the workspace has only one. */
function workflowOf(workflows: readonly Workflow[], properties: Json, where: string): Workflow {
  const [only, ...others] = workflows;
  if (properties['workflow_sid'] === undefined && only !== undefined && others.length === 0) {
    return only;
  }
  const wanted = sid(properties, 'workflow_sid', 'WW', where);
  const workflow = workflows.find((each) => each.sid === wanted);
  if (workflow === undefined) throw refused(`${where}.workflow_sid: not in the workspace`);
  return workflow;
}

function taskChannelOf({ taskChannel = 'chat' }: Workflow, properties: Json, where: string) {
  const name = properties['task_channel_unique_name'] ?? taskChannel;
  if (typeof name === 'string') return name;
  throw refused(`${where}.task_channel_unique_name: expected a string`);
}

const refused = (message: string) => badRequest(`Invalid parameter ${message}`, 45366);

function object(value: unknown, where: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw refused(`${where}: expected a JSON object`);
}

function onlyKeys(value: Json, keys: readonly string[], where: string): void {
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw refused(`${where}.${unknown}: unknown`);
}

function sid(value: Json, name: string, prefix: string, where: string): string {
  const given = value[name];
  if (typeof given === 'string' && isSid(given, prefix)) return given;
  throw refused(`${where}.${name}: expected a SID that starts with ${prefix}`);
}

function integer(value: Json, name: string, absent: number, where: string): number {
  const given = value[name] ?? absent;
  if (typeof given === 'number' && Number.isInteger(given) && given >= 0) return given;
  throw refused(`${where}.${name}: expected a whole number`);
}
