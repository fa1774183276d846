/** Holds the simulator's tables of endpoints against Twilio's OpenAPI documents. */
import type { Endpoint } from '#local/emulators/twilio/rest/endpoint';
import type { Parameter } from '#local/emulators/twilio/rest/parameter';

/** As much of an OpenAPI document as is compared. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, PathItem | undefined>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema | undefined>> };
}

interface PathItem {
  readonly servers?: readonly { readonly url: string }[];
  readonly get?: OpenApiOperation;
  readonly post?: OpenApiOperation;
  readonly delete?: OpenApiOperation;
}

interface OpenApiOperation {
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema } | undefined>>;
  };
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** A difference that is meant. */
export interface Deliberate {
  /** Operations of our table. */
  readonly operations: readonly string[];
  /** Absent: the whole endpoint. */
  readonly parameter?: string;
  readonly reason: string;
}

interface DocumentedParameter {
  readonly required: boolean;
  readonly schema: Schema;
}

const METHODS = { GET: 'get', POST: 'post', DELETE: 'delete' } as const;
const FORM = 'application/x-www-form-urlencoded';
const WEBHOOK_HEADER = 'X-Twilio-Webhook-Enabled';

/**
 * Optional parameters and whole endpoints that only Twilio has are no difference: the simulator
 * refuses what it does not play.
 * @param documents by host.
 * @returns one line for each difference that is not deliberate, and for each deliberate one that is gone.
 */
export function compareEndpoints(
  endpoints: readonly Endpoint[],
  documents: Readonly<Record<string, OpenApi | undefined>>,
  deliberate: readonly Deliberate[] = [],
): string[] {
  const met = new Set<Deliberate>();
  const lines = endpoints.flatMap((endpoint) =>
    differencesOf(endpoint, documents[endpoint.host]).flatMap(({ parameter, text }) => {
      const meant = deliberate.find(
        (each) => each.operations.includes(endpoint.operation) && each.parameter === parameter,
      );
      if (meant === undefined) return [`${nameOf(endpoint)}: ${parameter ?? 'endpoint'}: ${text}`];
      met.add(meant);
      return [];
    }),
  );
  const stale = deliberate.filter((each) => !met.has(each));
  return [
    ...lines,
    ...stale.map(
      ({ operations, parameter }) =>
        `${operations.join(', ')}: ${parameter ?? 'endpoint'}: listed as a deliberate difference, but there is none`,
    ),
  ];
}

interface Difference {
  /** Absent: it concerns the whole endpoint. */
  readonly parameter?: string;
  readonly text: string;
}

const nameOf = ({ method, host, path }: Endpoint): string => `${method} ${host}${path}`;

function differencesOf(endpoint: Endpoint, document: OpenApi | undefined): Difference[] {
  const item = document?.paths[endpoint.path];
  const operation = item?.[METHODS[endpoint.method]];
  if (document === undefined || item === undefined || operation === undefined) {
    return [{ text: 'not documented' }];
  }
  const documented = parametersOf(document, operation, endpoint.method);
  return [
    ...endpointDifferences(endpoint, item, operation),
    ...endpoint.parameters.flatMap((parameter) =>
      parameterDifferences(document, parameter, documented.get(parameter.name)),
    ),
    ...missingParameters(endpoint, documented),
  ];
}

function endpointDifferences(
  endpoint: Endpoint,
  item: PathItem,
  operation: OpenApiOperation,
): Difference[] {
  const differences: Difference[] = [];
  if (!item.servers?.some(({ url }) => url === `https://${endpoint.host}`)) {
    differences.push({ text: 'documented on another host' });
  }
  if (!(endpoint.success in operation.responses)) {
    differences.push({
      text: `answers ${endpoint.success}, documented ${Object.keys(operation.responses).join(', ')}`,
    });
  }
  const takesHeader = operation.parameters?.some(({ name }) => name === WEBHOOK_HEADER) ?? false;
  if (takesHeader !== endpoint.takesWebhookHeader) {
    differences.push({
      parameter: WEBHOOK_HEADER,
      text: takesHeader ? 'documented, not taken' : 'taken, not documented',
    });
  }
  return differences;
}

function parametersOf(
  document: OpenApi,
  operation: OpenApiOperation,
  method: Endpoint['method'],
): Map<string, DocumentedParameter> {
  if (method !== 'POST') {
    const query = operation.parameters?.filter((parameter) => parameter.in === 'query') ?? [];
    return new Map(
      query.map(({ name, required = false, schema }) => [
        name,
        { required, schema: resolve(document, schema) },
      ]),
    );
  }
  const form = operation.requestBody?.content[FORM]?.schema ?? {};
  return new Map(
    Object.entries(form.properties ?? {}).map(([name, schema]) => [
      name,
      { required: form.required?.includes(name) ?? false, schema: resolve(document, schema) },
    ]),
  );
}

function resolve(document: OpenApi, schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  if (name === undefined) return schema;
  const found = document.components.schemas[name];
  if (found === undefined) throw new Error(`${schema.$ref} leads nowhere`);
  return found;
}

function parameterDifferences(
  document: OpenApi,
  ours: Parameter,
  documented: DocumentedParameter | undefined,
): Difference[] {
  if (documented === undefined) return [{ parameter: ours.name, text: 'not documented' }];
  const { schema, required } = documented;
  const isArray = schema.type === 'array';
  const value = isArray ? resolve(document, schema.items ?? {}) : schema;
  const compared: [what: string, ours: unknown, documented: unknown][] = [
    ['required', ours.required, required],
    ['repeated', ours.repeated, isArray],
    ['values', valuesOf(ours), documentedValues(ours, value)],
    ['SID', ours.kind.type === 'sid' ? ours.kind.prefix : undefined, prefixOf(value)],
    ['integer', ours.kind.type === 'integer', value.type === 'integer'],
    ['boolean', ours.kind.type === 'boolean', value.type === 'boolean'],
    ['maximum', ours.kind.type === 'integer' ? ours.kind.maximum : undefined, value.maximum],
  ];
  return compared
    .filter(([, given, expected]) => given !== expected)
    .map(([what, given, expected]) => ({
      parameter: ours.name,
      text: `${what}: ${given ?? 'none'}, documented ${expected ?? 'none'}`,
    }));
}

function missingParameters(
  endpoint: Endpoint,
  documented: ReadonlyMap<string, DocumentedParameter>,
): Difference[] {
  const ours = new Set(endpoint.parameters.map(({ name }) => name));
  return [...documented]
    .filter(([name, { required }]) => required && !ours.has(name))
    .map(([parameter]) => ({ parameter, text: 'documented as required, missing' }));
}

/** Of values whose case does not count, in the case in which ours are written. */
function documentedValues({ kind }: Parameter, value: Schema): string | undefined {
  const values = value.enum?.toSorted().join(', ');
  return kind.type === 'enum' && kind.anyCase ? values?.toUpperCase() : values;
}

const valuesOf = ({ kind }: Parameter): string | undefined =>
  kind.type === 'enum' ? kind.values.toSorted().join(', ') : undefined;

const prefixOf = ({ pattern }: Schema): string | undefined =>
  pattern && /^\^([A-Z]{2})\[/.exec(pattern)?.[1];
