import type { World } from '../../world/world.ts';
import type { User } from '../model.ts';

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
