/** Where the members of an object stand in a JSON text. The text must be valid. */

export interface JsonMember {
  readonly key: string;
  readonly keyStart: number;
  readonly valueStart: number;
  /** One past the value. */
  readonly valueEnd: number;
}

export interface ObjectSpan {
  /** Index of `{`. */
  readonly start: number;
  /** One past `}`. */
  readonly end: number;
  readonly members: readonly JsonMember[];
}

const STRING = /"(?:[^"\\]|\\.)*"/y;
const LITERAL = /[^\s,\]}]+/y;
const GAP = /[\s,:]*/y;

/** @param start index of its `{`. */
export function objectAt(json: string, start: number): ObjectSpan {
  const members: JsonMember[] = [];
  let at = endOf(GAP, json, start + 1);
  while (json[at] !== '}') {
    const keyEnd = endOf(STRING, json, at);
    const valueStart = endOf(GAP, json, keyEnd);
    const valueEnd = valueEndAt(json, valueStart);
    members.push({ key: JSON.parse(json.slice(at, keyEnd)), keyStart: at, valueStart, valueEnd });
    at = endOf(GAP, json, valueEnd);
  }
  return { start, end: at + 1, members };
}

export const memberAt = ({ members }: ObjectSpan, key: string): JsonMember | undefined =>
  members.find((member) => member.key === key);

function valueEndAt(json: string, start: number): number {
  switch (json[start]) {
    case '{':
      return objectAt(json, start).end;
    case '[':
      return listEndAt(json, start);
    case '"':
      return endOf(STRING, json, start);
    default:
      return endOf(LITERAL, json, start);
  }
}

function listEndAt(json: string, start: number): number {
  let at = endOf(GAP, json, start + 1);
  while (json[at] !== ']') at = endOf(GAP, json, valueEndAt(json, at));
  return at + 1;
}

function endOf(pattern: RegExp, json: string, at: number): number {
  pattern.lastIndex = at;
  if (!pattern.test(json)) throw new Error(`not JSON at ${at}`);
  return pattern.lastIndex;
}
