import type { World } from '../../world/world.ts';

/** A chat user of the service; participants with the same identity are this user. */
export interface User {
  readonly sid: string;
  readonly identity: string;
  friendlyName: string | null;
  /** JSON text. */
  attributes: string;
  /** Of an agent: the attributes of their worker, JSON text. */
  workerAttributes?: string;
  readonly createdAtMs: number;
  updatedAtMs: number;
}

export function ensureUser(world: World, identity: string): User {
  const known = world.users.get(identity);
  if (known !== undefined) return known;
  const nowMs = world.nowMs();
  const user: User = {
    sid: world.newSid('US'),
    identity,
    friendlyName: null,
    attributes: '{}',
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  world.users.set(identity, user);
  return user;
}

/** @param change undefined leaves a value as it is. */
export function updateUser(
  world: World,
  user: User,
  change: { readonly friendlyName?: string | undefined; readonly attributes?: string | undefined },
): void {
  user.friendlyName = change.friendlyName ?? user.friendlyName;
  user.attributes = change.attributes ?? user.attributes;
  user.updatedAtMs = world.nowMs();
}

/** By SID or identity. */
export const findUser = (world: World, key: string): User | undefined =>
  world.users.get(key) ?? [...world.users.values()].find(({ sid }) => sid === key);
