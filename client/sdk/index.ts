/** The chat client for browsers and Node 22 or later. */

export type { Code } from '#protocol/codes';
export type { Choice, Content } from '#protocol/content';
export type { FileLimits, Media } from '#protocol/events';
export type { Profile } from '#protocol/frames';
export { ChatClientError, type ErrorCode, type SendProblem } from './basics/errors.ts';
export {
  type AttachOptions,
  ChatClient,
  type ChatClientEvents,
  createChatClient,
  type ReplacedSession,
  type SaidMessage,
  type SendOptions,
} from './chat-client.ts';
export type { ChatClientOptions } from './chat-client-options.ts';
export type { ChatClientState } from './chat-client-state.ts';
export type { ConnectionState } from './connection/connection-state.ts';
export type { CurrentChat, LossCause, Notice } from './model/chat-model.ts';
export type { Attributes, FileEntry, OutboxEntry } from './model/outbox.ts';
export type { TimelineItem } from './model/timeline.ts';
export type { Message } from './model/transcript.ts';
export { platformEnvironment, type SessionScope } from './platform/default-environment.ts';
export type {
  BroadcastPort,
  ChatSocket,
  Environment,
  KeyValueStorage,
  LockHandlers,
  Locks,
  Timers,
  Upload,
} from './platform/environment.ts';
