/** Kinds of fields of a configuration. Messages finish the sentence "expected …" and name the cure. */
import * as v from 'valibot';
import { looksLikeSecret } from './looks-like-secret.ts';

type Field = v.GenericSchema<unknown, unknown>;

/** An object that refuses unknown fields, and for a missing one repeats what that field expects. */
export function section<const Entries extends Record<string, Field>>(entries: Entries) {
  const names = Object.keys(entries).join(', ');
  const expected = `an object with ${names}`;
  const schema = v.strictObject(entries, (issue) => {
    if (issue.expected === 'never') return names;
    const missing = entries[String(issue.path?.at(-1)?.key)];
    return missing === undefined ? expected : (v.getDescription(missing) ?? 'a value');
  });
  return v.pipe(schema, v.description(expected));
}

export function sid(prefix: string, noun: string, where: string) {
  const expected = `${noun} (${prefix} + 32 hex digits): ${where}`;
  return v.pipe(
    v.string(expected),
    v.regex(new RegExp(`^${prefix}[0-9a-f]{32}$`), expected),
    v.description(expected),
  );
}

export function wholeNumber(min: number, max: number, unit: string) {
  const expected = `a whole number of ${unit}, ${min} to ${max}`;
  return v.pipe(
    v.number(expected),
    v.integer(expected),
    v.minValue(min, expected),
    v.maxValue(max, expected),
    v.description(expected),
  );
}

export function text(expected: string) {
  const noSecret = `${expected}, and no secret`;
  return v.pipe(
    v.string(expected),
    v.nonEmpty(expected),
    v.check((value) => !looksLikeSecret(value), noSecret),
    v.description(expected),
  );
}

const ORIGIN =
  'an origin exactly as browsers send it, such as "https://www.example.com": scheme and host in ' +
  'lower case, a port only when it is not the default, no path, no "*"; http only for localhost and 127.0.0.1';

export const origin = v.pipe(
  v.string(ORIGIN),
  v.check((value) => parsedUrl(value)?.origin === value, ORIGIN),
);

export function parsedUrl(value: string): URL | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isLoopback = url?.hostname === 'localhost' || url?.hostname === '127.0.0.1';
  const isAllowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback);
  return isAllowed && !value.includes('*') ? url : undefined;
}
