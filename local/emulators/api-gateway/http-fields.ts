/** One value per name (the last one sent), and all values per name: events of API Gateway carry both. */
export interface Fields {
  readonly single: Readonly<Record<string, string>>;
  readonly multi: Readonly<Record<string, readonly string[]>>;
}

/** @param pairs names as the client wrote them; those that differ in case only are one name. */
export function fieldsOf(pairs: Iterable<readonly [string, string]>): Fields {
  const values = new Map<string, { readonly name: string; readonly all: string[] }>();
  for (const [name, value] of pairs) {
    const known = values.get(name.toLowerCase());
    if (known) known.all.push(value);
    else values.set(name.toLowerCase(), { name, all: [value] });
  }
  const fields = [...values.values()];
  return {
    single: Object.fromEntries(fields.map(({ name, all }) => [name, all.at(-1) ?? ''])),
    multi: Object.fromEntries(fields.map(({ name, all }) => [name, all])),
  };
}

/** @param rawHeaders of Node: name, value, name, value … in the client's case. */
export function headerPairs(rawHeaders: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    pairs.push([rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '']);
  }
  return pairs;
}

/** Source: API Gateway developer guide, "Quotas for REST APIs": all header values of a request together. */
const MAX_HEADER_BYTES = 10_240;

/** Whether API Gateway would refuse the headers; that it does so with 431 is unconfirmed. */
export function areHeadersTooLarge(rawHeaders: readonly string[]): boolean {
  const bytes = headerPairs(rawHeaders).reduce(
    (sum, [, value]) => sum + Buffer.byteLength(value),
    0,
  );
  return bytes > MAX_HEADER_BYTES;
}

/** Headers that API Gateway adds on the way to the function. */
export function forwardedPairs(sourceIp: string, traceId: string): [string, string][] {
  return [
    ['X-Amzn-Trace-Id', traceId],
    ['X-Forwarded-For', sourceIp],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
  ];
}

/** @returns the pairs whose name is none of the given ones, which are in lower case. */
export function withoutNames(
  pairs: readonly [string, string][],
  names: readonly string[],
): [string, string][] {
  return pairs.filter(([name]) => !names.includes(name.toLowerCase()));
}

/** @returns the last value of a field whatever the case of its name. */
export function fieldValue(fields: Fields, name: string): string | undefined {
  return Object.entries(fields.single).find(
    ([key]) => key.toLowerCase() === name.toLowerCase(),
  )?.[1];
}

/** Path and query of a request line, both as received. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const mark = target.indexOf('?');
  return mark < 0
    ? { path: target, query: '' }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}
