import type { StudioFlow as Seed } from '../options.ts';
import type { World } from '../world/world.ts';
import type { StudioFlow } from './model.ts';
import { seedDefinition } from './seed-definition.ts';

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
