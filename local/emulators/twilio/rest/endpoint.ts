import type { Parameter } from './parameter.ts';

/** One operation of Twilio's REST API. */
export interface Endpoint<Name extends string = string> {
  /** Names what serves it. */
  readonly operation: Name;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Such as `conversations.twilio.com`. */
  readonly host: string;
  /** Path template as in Twilio's OpenAPI documents, such as `/v1/Conversations/{Sid}`. */
  readonly path: string;
  /** In the query of a GET, in the form body otherwise. */
  readonly parameters: readonly Parameter[];
  /** They are fields of a JSON object instead. */
  readonly takesJson?: true;
  readonly success: 200 | 201 | 204;
  /** Whether `X-Twilio-Webhook-Enabled` has an effect. */
  readonly takesWebhookHeader: boolean;
}

/**
 * Makes the rows of a product's table.
 * @param base what all its paths begin with.
 * @param takesWebhookHeader by method and the path behind the base; default none.
 */
export function rowsOf(
  host: string,
  base: string,
  takesWebhookHeader: (method: Endpoint['method'], path: string) => boolean = () => false,
) {
  return <const Name extends string>(
    operation: Name,
    method: Endpoint['method'],
    path: string,
    success: Endpoint['success'],
    parameters: readonly Parameter[] = [],
  ): Endpoint<Name> => ({
    operation,
    method,
    host,
    path: `${base}${path}`,
    success,
    parameters,
    takesWebhookHeader: takesWebhookHeader(method, path),
  });
}

/** An endpoint together with the values of its path. */
export interface Match {
  readonly endpoint: Endpoint;
  /** Percent-decoded. */
  readonly path: Readonly<Record<string, string>>;
}

/** @returns the endpoint that serves the request, if there is one. */
export function matchEndpoint(
  endpoints: readonly Endpoint[],
  method: string,
  host: string,
  path: string,
): Match | undefined {
  for (const endpoint of endpoints) {
    if (endpoint.method !== method || endpoint.host !== host) continue;
    const values = matchPath(endpoint.path, path);
    if (values !== undefined) return { endpoint, path: values };
  }
  return undefined;
}

function matchPath(template: string, path: string): Record<string, string> | undefined {
  const expected = template.split('/');
  const given = path.split('/');
  if (expected.length !== given.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const segment = given[index] ?? '';
    if (!part.startsWith('{')) {
      if (part !== segment) return undefined;
      continue;
    }
    // A variable may have an ending, as in `{Sid}.json`.
    const [name = '', ending = ''] = part.slice(1).split('}');
    const value = segment.endsWith(ending)
      ? decode(segment.slice(0, segment.length - ending.length))
      : undefined;
    if (!value) return undefined;
    values[name] = value;
  }
  return values;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
