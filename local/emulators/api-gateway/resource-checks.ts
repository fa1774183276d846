import type { Resource } from '#local/assembly/assembly';

/** @throws Error unless there is exactly one. */
export function onlyOne(resources: readonly Resource[], what: string): Resource {
  const [first, ...others] = resources;
  if (first === undefined) throw new Error(`the assembly holds no ${what}`);
  if (others.length > 0) {
    const names = resources.map(({ logicalId }) => logicalId).join(', ');
    throw new Error(`only one ${what} is emulated, the assembly holds: ${names}`);
  }
  return first;
}

/** @throws Error when one of the properties is set: to ignore it would make the emulator more permissive than AWS. */
export function refuseProperties(resource: Resource, names: readonly string[]): void {
  const set = names.filter((name) => resource.properties[name]);
  if (set.length > 0) {
    throw new Error(`${resource.logicalId}: ${set.join(', ')} of ${resource.type} is not emulated`);
  }
}
