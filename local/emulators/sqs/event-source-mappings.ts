import type { Assembly } from '#local/assembly/assembly';
import type { FunctionRunner } from '../aws/aws-service.ts';
import { type BatchFailure, EventSourceMapping } from './event-source-mapping.ts';
import { MAPPING_ACTIONS, type MappingSettings, readMappings } from './mapping-settings.ts';
import type { Queues } from './queues.ts';

export interface EventSourceMappingsOptions {
  readonly assembly: Assembly;
  readonly queues: Queues;
  readonly functions: FunctionRunner;
  /** Whether the function's role allows an action; without it nothing is checked. */
  readonly permits?: (functionArn: string, action: string, resource: string) => boolean;
  /** Test only: what failed comes again after this long, not when its visibility timeout is over. */
  readonly redeliveryMs?: number;
  /** Told of each batch that failed in whole or in part. */
  readonly onFailure?: (failure: BatchFailure) => void;
}

/** All event source mappings of an assembly. */
export interface EventSourceMappings {
  readonly all: readonly EventSourceMapping[];
  /** Resolves once no batch is running anywhere and none could start. */
  idle(): Promise<void>;
  /** Takes no further messages and waits for the running batches. */
  close(): Promise<void>;
}

/**
 * Starts working through the queues.
 * @throws Error when a role lacks a permission that its mapping needs, naming each.
 */
export function startEventSourceMappings(options: EventSourceMappingsOptions): EventSourceMappings {
  const { assembly, queues, functions, permits = () => true } = options;
  const settings = readMappings(assembly, queues);
  refuseMissingPermissions(settings, permits);
  const all = settings.map((mapping) => new EventSourceMapping(mapping, functions, options));
  return {
    all,
    idle: async () => {
      // One function may have sent to another's queue meanwhile.
      while (!all.every(({ isIdle }) => isIdle)) await Promise.all(all.map((each) => each.idle()));
    },
    close: async () => {
      await Promise.all(all.map((mapping) => mapping.close()));
    },
  };
}

function refuseMissingPermissions(
  settings: readonly MappingSettings[],
  permits: NonNullable<EventSourceMappingsOptions['permits']>,
): void {
  const missing = settings.flatMap(({ functionArn, queue }) =>
    MAPPING_ACTIONS.filter((action) => !permits(functionArn, action, queue.settings.arn)).map(
      (action) => `  ${functionArn} may not ${action} on ${queue.settings.arn}`,
    ),
  );
  if (missing.length > 0) {
    throw new Error(`Roles lack what their event source mappings need:\n${missing.join('\n')}`);
  }
}
