/** Fills in `{{a.path}}` and `{{a.path | to_json}}`; of Liquid nothing else. Unknown is empty. */
export function fillTemplate(template: string, variables: unknown): string {
  return template.replace(/\{\{(.*?)\}\}/g, (_, expression: string) => {
    const [path = '', ...filters] = expression.split('|').map((part) => part.trim());
    const value = valueAt(variables, path.split('.'));
    return filters.includes('to_json') ? JSON.stringify(value ?? null) : asText(value);
  });
}

const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    value,
  );

function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
