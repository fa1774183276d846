import type { RestResource } from './rest-config.ts';

/** The resource that a path belongs to. */
export interface RestMatch {
  readonly resource: RestResource;
  /** Decoded, by name. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** What a segment of a resource path matches, the most specific first. */
const LITERAL = 0;
const PARAMETER = 1;
const GREEDY = 2;

/**
 * Finds the resource of a path below the stage: a literal segment goes before `{name}`, which goes
 * before `{name+}`, from left to right.
 *
 * @throws URIError when the percent-encoding of the path is broken.
 */
export function matchResource(
  resources: readonly RestResource[],
  path: string,
): RestMatch | undefined {
  const segments = path.slice(1).split('/').map(decodeURIComponent);
  return resources
    .filter((resource) => matches(templateOf(resource), segments))
    .toSorted((a, b) => compareRanks(ranksOf(a), ranksOf(b)))
    .map((resource) => ({ resource, pathParameters: parametersOf(resource, segments) }))[0];
}

const templateOf = ({ resourcePath }: RestResource): string[] => resourcePath.slice(1).split('/');
const ranksOf = (resource: RestResource): number[] => templateOf(resource).map(rankOf);

function rankOf(segment: string): number {
  if (!/^\{.+\}$/.test(segment)) return LITERAL;
  return segment.endsWith('+}') ? GREEDY : PARAMETER;
}

function matches(template: readonly string[], segments: readonly string[]): boolean {
  const isGreedy = rankOf(template.at(-1) ?? '') === GREEDY;
  if (isGreedy ? segments.length < template.length : segments.length !== template.length) {
    return false;
  }
  return template.every((part, index) =>
    rankOf(part) === LITERAL ? part === segments[index] : segments[index] !== '',
  );
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((rank, index) => rank !== b[index]);
  return (a[differing] ?? GREEDY) - (b[differing] ?? GREEDY);
}

function parametersOf(resource: RestResource, segments: readonly string[]): Record<string, string> {
  const parameters: Record<string, string> = {};
  templateOf(resource).forEach((part, index) => {
    const name = part.slice(1, -1);
    const rank = rankOf(part);
    if (rank === PARAMETER) parameters[name] = segments[index] ?? '';
    if (rank === GREEDY) parameters[name.slice(0, -1)] = segments.slice(index).join('/');
  });
  return parameters;
}
