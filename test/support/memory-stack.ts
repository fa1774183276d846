/** The use cases' ports, all in memory, with one session and one connection. */
import { MemoryChannelIndex } from '#adapters/memory/memory-channel-index';
import { MemoryConnectionStore } from '#adapters/memory/memory-connection-store';
import { MemoryCustomerConnections } from '#adapters/memory/memory-customer-connections';
import { MemoryFlexBackend } from '#adapters/memory/memory-flex-backend';
import { MemoryFlexMailbox } from '#adapters/memory/memory-flex-mailbox';
import { MemoryIdentityIndex } from '#adapters/memory/memory-identity-index';
import { MemoryMinuteCounters } from '#adapters/memory/memory-minute-counters';
import { MemorySessionCounters } from '#adapters/memory/memory-session-counters';
import { MemorySessionStore } from '#adapters/memory/memory-session-store';
import { MemorySessionTokens } from '#adapters/memory/memory-session-tokens';
import { MemoryTable } from '#adapters/memory/memory-table';
import { MemoryUploadedFiles } from '#adapters/memory/memory-uploaded-files';
import type { ChatError } from '#core/errors';
import type { FilePolicy } from '#core/files/file-ports';
import { clientMessageId, connectionId, sessionId } from '#core/ids';
import type { DeliveryPolicy } from '#core/letters/attempt-message';
import type { MessageLetter } from '#core/ports';
import { RateLimiter } from '#core/rate-limiter';
import type { ChatRef } from '#core/session';
import { SharedRate } from '#core/shared-rate';

/** Ends a chat that nobody serves, and limits no pace. */
export const POLICY: DeliveryPolicy = {
  whenNobodyServes: 'end',
  rerouteAttempts: 0,
  burstWindowMs: 0,
};

/** Two small files of three types. */
export const FILES: FilePolicy = {
  maxBytes: 1_000,
  types: ['image/png', 'text/plain', 'application/pdf'],
  perSession: 2,
};

export const NOW_MS = Date.parse('2026-11-22T09:00:00.000Z');
export const DAY_MS = 24 * 60 * 60_000;
export const SESSION = sessionId('session-1');
export const TAB = connectionId('tab-1');

export function createMemoryStack() {
  const table = new MemoryTable();
  const flex = new MemoryFlexBackend(() => NOW_MS);
  const counters = new MemoryMinuteCounters();
  const files = new MemoryUploadedFiles();
  const refusals: ChatError[] = [];
  return {
    refusals,
    refused: (error: ChatError) => void refusals.push(error),
    sessions: new MemorySessionStore(table),
    connections: new MemoryConnectionStore(table),
    channels: new MemoryChannelIndex(table),
    customers: new MemoryCustomerConnections(),
    mailbox: new MemoryFlexMailbox(),
    tokens: new MemorySessionTokens(),
    newSessions: new RateLimiter({ perMinute: 1, burst: 3 }),
    allNewSessions: new SharedRate(counters, 'address', 100),
    people: new MemoryIdentityIndex(table),
    signIns: new SharedRate(counters, 'sign-in', 5),
    handshakes: new SharedRate(counters, 'handshake', 5),
    flexFrames: new SharedRate(counters, 'flex', 60),
    strikes: new SharedRate(counters, 'strike', 30),
    chatEnds: new SharedRate(counters, 'end', 6),
    typing: new RateLimiter({ perMinute: 20, burst: 3 }),
    sharedTyping: new SharedRate(counters, 'typing', 20),
    files: Object.assign(files, {
      policy: FILES,
      offers: files,
      counters: new MemorySessionCounters(),
    }),
    pause: async () => {},
    flex,
    names: flex,
  };
}

export type MemoryStack = ReturnType<typeof createMemoryStack>;

/** A stack whose session has said hello on one connection. */
export async function aStackWithSession(): Promise<MemoryStack> {
  const stack = createMemoryStack();
  await stack.sessions.renew(SESSION, NOW_MS, NOW_MS + DAY_MS);
  await stack.connections.add(SESSION, TAB, NOW_MS, NOW_MS + DAY_MS);
  return stack;
}

export const chat = (number: number): ChatRef => ({ sessionId: SESSION, number });

export function aMessage(overrides: Partial<Omit<MessageLetter, 'id'>> & { id?: string } = {}) {
  const { id = 'm1', ...rest } = overrides;
  return {
    sessionId: SESSION,
    kind: 'message',
    body: 'hello',
    acceptedAtMs: NOW_MS,
    id: clientMessageId(id),
    ...rest,
  } as const;
}
