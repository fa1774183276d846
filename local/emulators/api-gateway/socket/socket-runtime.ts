import type { Clock } from '#local/clock';
import type { Watch } from '#local/wire/wire';
import { newId, type Random } from '../ids.ts';
import type { Integrate } from '../integration.ts';
import type { Throttle } from '../throttle.ts';
import type { Connection, ConnectionLimits } from './connection.ts';
import type { Faults } from './faults.ts';
import type { SocketConfig } from './socket-config.ts';
import type { Occasion } from './socket-events.ts';

/** What all parts of one running WebSocket API share. */
export interface SocketRuntime {
  readonly config: SocketConfig;
  readonly integrate: Integrate;
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: Faults;
  readonly watch: Watch;
  readonly limits: ConnectionLimits;
  /** Open connections by id: none that is still in its handshake, none that is closing. */
  readonly connections: Map<string, Connection>;
  /** By route key. */
  readonly throttles: ReadonlyMap<string, Throttle>;
}

export const newOccasion = ({ clock, random }: SocketRuntime): Occasion => ({
  requestId: newId(random),
  nowMs: clock.now(),
});

/** @returns a random duration in the range, both bounds included. */
export function randomMs(random: Random, [min, max]: readonly [number, number]): number {
  return min + random() * (max - min);
}

/** API Gateway's own frame to a client, with its odd spacing. */
export function errorFrame(message: string, connectionId: string, requestId: string): string {
  return `{"message": "${message}", "connectionId":"${connectionId}", "requestId":"${requestId}"}`;
}
