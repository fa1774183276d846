/** Changes single fields of a configuration file and leaves the rest of its text as it is. */
import { readFileSync, writeFileSync } from 'node:fs';
import { type JsonMember, memberAt, type ObjectSpan, objectAt } from './json-spans.ts';

/** Texts by dotted path; undefined removes the field. */
export type Fields = Readonly<Record<string, string | undefined>>;

/** Lines longer than this are broken, as the project's formatter does. */
const LINE_WIDTH = 100;

export function writeFields(file: string, fields: Fields): void {
  let text = readFileSync(file, 'utf8');
  for (const [path, value] of Object.entries(fields)) text = withField(text, path, value);
  writeFileSync(file, text);
}

/**
 * @param json valid JSON, in which the parent of the field is an object.
 * @returns the same text with one field set or removed.
 */
export function withField(json: string, path: string, value: string | undefined): string {
  const keys = path.split('.');
  const key = keys.pop() ?? '';
  let parent = objectAt(json, json.indexOf('{'));
  for (const each of keys) {
    const member = memberAt(parent, each);
    if (member === undefined || json[member.valueStart] !== '{') {
      throw new Error(`${path}: there is no object ${each}`);
    }
    parent = objectAt(json, member.valueStart);
  }
  const member = memberAt(parent, key);
  if (value === undefined) return member === undefined ? json : without(json, parent, member);
  const written = JSON.stringify(value);
  if (member === undefined) return added(json, parent, `${JSON.stringify(key)}: ${written}`);
  return splice(json, member.valueStart, member.valueEnd, written);
}

function added(json: string, { start, end, members }: ObjectSpan, member: string): string {
  const [first] = members;
  const last = members.at(-1);
  if (first === undefined || last === undefined) {
    return splice(json, start, end, `{ ${member} }`);
  }
  const lead = json.slice(start + 1, first.keyStart);
  if (lead.includes('\n')) return splice(json, last.valueEnd, last.valueEnd, `,${lead}${member}`);
  const inline = splice(json, last.valueEnd, last.valueEnd, `, ${member}`);
  if (lineAt(inline, start).length <= LINE_WIDTH) return inline;
  const indent = /^\s*/.exec(lineAt(json, start))?.[0] ?? '';
  const lines = [
    ...members.map(({ keyStart, valueEnd }) => json.slice(keyStart, valueEnd)),
    member,
  ].map((each) => `${indent}  ${each}`);
  return splice(json, start, end, `{\n${lines.join(',\n')}\n${indent}}`);
}

function without(json: string, { start, end, members }: ObjectSpan, gone: JsonMember): string {
  const index = members.indexOf(gone);
  const next = members[index + 1];
  const previous = members[index - 1];
  if (next !== undefined) return splice(json, gone.keyStart, next.keyStart, '');
  if (previous !== undefined) return splice(json, previous.valueEnd, gone.valueEnd, '');
  return splice(json, start, end, '{}');
}

const splice = (text: string, start: number, end: number, put: string): string =>
  text.slice(0, start) + put + text.slice(end);

function lineAt(text: string, at: number): string {
  const end = text.indexOf('\n', at);
  return text.slice(text.lastIndexOf('\n', at) + 1, end < 0 ? undefined : end);
}
