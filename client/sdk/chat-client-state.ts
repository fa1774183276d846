import type { FileLimits } from '#protocol/events';
import type { ConnectionState } from './connection/connection-state.ts';
import { countUnread } from './model/chat-life.ts';
import type { CurrentChat, LossCause } from './model/chat-model.ts';
import { type TimelineItem, timelineOf } from './model/timeline.ts';
import { hasEarlier } from './model/window.ts';
import type { ChatTab } from './tabs/chat-tab.ts';

/** What there is to show, the same in every tab. A new object after each change. */
export interface ChatClientState {
  readonly connection: ConnectionState;
  /** Absent until the server has answered for the first time. */
  readonly chat: CurrentChat | undefined;
  /** The latest part of the conversation. */
  readonly timeline: readonly TimelineItem[];
  /** The current chat has messages before the first one: `loadEarlier` puts them there. */
  readonly hasEarlier: boolean;
  /** Names of the agents in the chat. */
  readonly agents: readonly string[];
  /** Name of the agent who is typing just now. */
  readonly typing: string | undefined;
  /** The customer has read up to this message, as `markRead` of any tab has said. */
  readonly seenUpTo: { readonly chat: number; readonly index: number } | undefined;
  /** How many messages of others come after it. */
  readonly unread: number;
  /** Set once nobody has written for long: then the chat ends (ISO 8601), unless somebody writes before. */
  readonly endsAt: string | undefined;
  /** Which files `attach` takes, and that `mediaUrl` opens those in messages; absent: the server has no files. */
  readonly files: FileLimits | undefined;
  /** Why this session took the place of the one that was shown before. */
  readonly replaced: LossCause | undefined;
  /** False: messages that are not delivered yet would be lost by a reload. */
  readonly persistent: boolean;
}

/** Made anew: its caller keeps it until something changes. */
export function stateOf({
  connection,
  persistent,
  store: { model },
}: Pick<ChatTab, 'connection' | 'persistent' | 'store'>): ChatClientState {
  const { chat, agents, typing, endsAt, files, replaced, seenUpTo } = model;
  return {
    connection,
    chat,
    timeline: timelineOf(model),
    hasEarlier: hasEarlier(model),
    agents,
    typing,
    seenUpTo,
    unread: countUnread(model),
    endsAt,
    files,
    replaced,
    persistent,
  };
}
