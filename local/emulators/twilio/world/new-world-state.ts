import type { ContentState } from '../content/model.ts';
import { seededTemplates } from '../content/seed-templates.ts';
import { NO_WEBHOOK } from '../conversations/state/post-webhook.ts';
import { seededFlexFlows } from '../flex/state/flex-flow.ts';
import type { TwilioAccount } from '../options.ts';
import type { PluginState } from '../plugins/model.ts';
import { newChatService } from '../programmable-chat/state/chat-service.ts';
import { seededFlows } from '../studio/studio-flow.ts';
import { taskChannelsOf } from '../taskrouter/state/task-channel.ts';
import type { SidSource } from './sids.ts';
import type { WorldState } from './world-state.ts';

/** What accounts that were kept by an earlier simulator do not have. */
const added = (
  newSid: SidSource,
  nowMs: number,
): Pick<
  WorldState,
  | 'media'
  | 'eventSinks'
  | 'eventSubscriptions'
  | 'undeliveredEvents'
  | keyof PluginState
  | keyof ContentState
> => ({
  media: new Map(),
  plugins: new Map(),
  pluginConfigurations: new Map(),
  pluginReleases: new Map(),
  contentTemplates: seededTemplates(newSid, nowMs),
  eventSinks: new Map(),
  eventSubscriptions: new Map(),
  undeliveredEvents: new Map(),
});

/** What a new account holds, and one that was kept gets in addition. */
export function newWorldState(
  account: TwilioAccount,
  newSid: SidSource,
  nowMs: number,
  kept?: WorldState,
): WorldState {
  const taskChannels = taskChannelsOf(account, newSid);
  const flexFlows = seededFlexFlows(account, nowMs);
  const studioFlows = seededFlows(account.studioFlows, account.workflows[0], nowMs);
  if (kept !== undefined) {
    const known = new Set(kept.taskChannels.map(({ uniqueName }) => uniqueName));
    const newChannels = taskChannels.filter(({ uniqueName }) => !known.has(uniqueName));
    return {
      ...added(newSid, nowMs),
      ...kept,
      taskChannels: [...kept.taskChannels, ...newChannels],
      flexFlows: new Map([...flexFlows, ...kept.flexFlows]),
      studioFlows: new Map([...studioFlows, ...kept.studioFlows]),
    };
  }
  return {
    messagingServiceSid: newSid('MG'),
    createdAtMs: nowMs,
    chatService: newChatService(nowMs),
    postWebhooks: { account: NO_WEBHOOK, service: NO_WEBHOOK },
    conversations: new Map(),
    users: new Map(),
    interactions: new Map(),
    tasks: new Map(),
    lateTasks: new Map(),
    taskChannels,
    flexFlows,
    flexChannels: new Map(),
    studioFlows,
    startedFlows: new Set(),
    interactionWebhooks: new Map(),
    ...added(newSid, nowMs),
  };
}
