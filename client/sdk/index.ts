/** The chat client for browsers and Node 22 or later. */
export {
  ChatClient,
  type ChatClientOptions,
  createChatClient,
  type SendOptions,
} from './chat-client.ts';
export type { ChatClientEvents, ChatClientState, ReplacedSession } from './chat-client-state.ts';
export type { CurrentChat, Notice } from './chat-life.ts';
export type { LossCause } from './chat-model.ts';
export type { ConnectionState } from './connection-state.ts';
export type {
  BroadcastPort,
  ChatSocket,
  Environment,
  KeyValueStorage,
  LockHandlers,
  Locks,
  Timers,
} from './environment.ts';
export { ChatClientError, type ErrorCode, type SendProblem } from './errors.ts';
export type { OutboxEntry } from './outbox.ts';
export { platformEnvironment, type SessionScope } from './platform.ts';
export type { TimelineItem } from './timeline.ts';
export type { Message } from './transcript.ts';
