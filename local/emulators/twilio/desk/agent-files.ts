/** Files that an agent sends. */
import type { Media } from '../conversations/model.ts';
import { storeMedia } from '../media/stored-media.ts';
import type { World } from '../world/world.ts';

/** Flex lets an agent send several files and a text in one message. */
export interface AgentContent {
  readonly body?: string;
  readonly media?: readonly AgentFile[];
  /** A template instead, with texts for its gaps. */
  readonly contentSid?: string;
  readonly contentVariables?: string;
}

/** Without `bytes` only its name and size are told: there is nothing to open. */
export interface AgentFile extends Omit<Media, 'sid'> {
  readonly bytes?: Uint8Array;
}

export function agentMedia(world: World, { media }: AgentContent): Media[] | undefined {
  return media?.map(({ bytes, ...described }) =>
    bytes === undefined
      ? { sid: world.newSid('ME'), ...described }
      : { sid: storeMedia(world, { ...described, bytes }).sid, ...described },
  );
}
