const VARIABLE = /\\\$|\$\{request\.body\.([^}]+)\}|\$request\.body\.([A-Za-z0-9_.[\]-]+)/g;

/**
 * Evaluates a route selection expression: variables `$request.body.path` or `${request.body.path}`
 * among literal text; `\$` stands for the sign itself, so that `\$default` is a constant.
 *
 * @returns the key, an empty text for a path that is missing; undefined for a body that is not JSON,
 * which goes to `$default` whatever the expression says.
 * Source: API Gateway developer guide, "WebSocket API selection expressions".
 */
export function selectRouteKey(expression: string, body: string): string | undefined {
  const json = parseJson(body);
  if (json === undefined) return undefined;
  return expression.replace(VARIABLE, (match, braced?: string, plain?: string) =>
    match === '\\$' ? '$' : textAt(json, braced ?? plain ?? ''),
  );
}

/** @throws Error when the expression holds a variable that is not known here. */
export function checkSelectionExpression(expression: string): void {
  const rest = expression.replace(VARIABLE, '');
  if (rest.includes('$')) throw new Error(`unknown variable in route selection "${expression}"`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textAt(json: unknown, path: string): string {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
  const value = steps.reduce<unknown>(child, json);
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function child(parent: unknown, key: string): unknown {
  if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, key))
    return undefined;
  return (parent as Record<string, unknown>)[key];
}
