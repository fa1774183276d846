/** What Event Streams keeps. Plain data: transitions are in `state/`. */

/** Where Event Streams delivers to. */
export interface EventSink {
  readonly sid: string;
  description: string;
  readonly destination: string;
  /** Sinks are active from the start; validating them does nothing any more. */
  status: 'initialized' | 'validating' | 'active' | 'failed';
  readonly createdAtMs: number;
  updatedAtMs: number;
}

/** Which events a sink gets. */
export interface EventSubscription {
  readonly sid: string;
  readonly sinkSid: string;
  description: string;
  /** Version of the schema by type of event. */
  readonly types: Map<string, number>;
  readonly createdAtMs: number;
  updatedAtMs: number;
}

/** An event in its envelope. */
export interface CloudEvent {
  readonly id: string;
  readonly type: string;
  readonly data: object;
}

/** An event that no sink has taken yet. */
export interface UndeliveredEvent {
  readonly sinkSid: string;
  readonly event: CloudEvent;
}
