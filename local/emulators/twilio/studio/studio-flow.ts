import type { StudioFlow as Seed } from '../options.ts';
import type { World } from '../world/world.ts';
import type { FlowDefinition } from './definition.ts';
import { seedDefinition } from './seed-definition.ts';

export interface StudioFlow {
  readonly sid: string;
  friendlyName: string;
  status: 'draft' | 'published';
  /** The latest revision. */
  definition: FlowDefinition;
  /** The latest published one, which is what runs. */
  published?: FlowDefinition;
  revision: number;
  commitMessage: string | null;
  /** Who speaks for the flow: the Send Message widget, or a Function that fires webhooks. */
  readonly via: 'widget' | 'function';
  /** The task gets all attributes of the channel, beside those that the definition names. */
  readonly passesAttributes: boolean;
  readonly createdAtMs: number;
  updatedAtMs: number;
}

type Revision = Pick<StudioFlow, 'friendlyName' | 'status' | 'definition' | 'commitMessage'>;

export function addStudioFlow(world: World, given: Revision): StudioFlow {
  const nowMs = world.nowMs();
  const flow: StudioFlow = {
    sid: world.newSid('FW'),
    revision: 0,
    via: 'widget',
    passesAttributes: false,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    ...given,
  };
  reviseStudioFlow(world, flow, given);
  world.studioFlows.set(flow.sid, flow);
  return flow;
}

/** Every change is a revision of its own. */
export function reviseStudioFlow(world: World, flow: StudioFlow, given: Revision): void {
  Object.assign(flow, given);
  if (given.status === 'published') flow.published = given.definition;
  flow.revision += 1;
  flow.updatedAtMs = world.nowMs();
}

/** The flows that the account comes with. */
export function seededFlows(
  seeds: readonly Seed[],
  workflow: Parameters<typeof seedDefinition>[1],
  nowMs: number,
): Map<string, StudioFlow> {
  const flows = seeds.map((seed): [string, StudioFlow] => {
    const definition = seedDefinition(seed.botReply, workflow);
    return [
      seed.sid,
      {
        sid: seed.sid,
        friendlyName: 'Send chats to Flex',
        status: 'published',
        definition,
        published: definition,
        revision: 1,
        commitMessage: null,
        via: seed.via ?? 'function',
        passesAttributes: true,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
      },
    ];
  });
  return new Map(flows);
}
