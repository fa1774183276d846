type Values = Record<string, unknown>;

/** Puts a value at a dotted path of an object, which is changed; undefined removes the field. */
export function withValueAt<Target extends Values>(
  target: Target,
  path: string,
  value: unknown,
): Target {
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let parent: Values = target;
  for (const key of keys) {
    parent[key] ??= {};
    parent = parent[key] as Values;
  }
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return target;
}
