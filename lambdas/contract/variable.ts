/** The kinds of environment variables: each is written and read in one way. */
import * as v from 'valibot';

/** One variable between the construct that writes it and the function that reads it. */
export interface Variable<Value> {
  readonly name: string;
  /** Finishes the sentence "<name> must be …". */
  readonly expected: string;
  write(value: Value): string;
  /** @returns undefined for a text that no construct of this version writes. */
  read(text: string): Value | undefined;
  /** Only the local stack sets it. */
  readonly isOptional?: true;
}

/** May hold what CloudFormation fills in, such as a URL. */
export function text(name: string): Variable<string> {
  return { name, expected: 'a text', write: (value) => value, read: (value) => value };
}

export function wholeNumber(name: string, least = 1): Variable<number> {
  return {
    name,
    expected: `a whole number from ${least}`,
    write: String,
    read: (digits) => {
      const value = /^\d{1,15}$/.test(digits) ? Number(digits) : Number.NaN;
      return value >= least ? value : undefined;
    },
  };
}

export function flag(name: string): Variable<boolean> {
  return {
    name,
    expected: '"true" or "false"',
    write: String,
    read: (word) => (word === 'true' || word === 'false' ? word === 'true' : undefined),
  };
}

/** @param expected what the value is, for a message that must not repeat it. */
export function json<Value>(
  name: string,
  expected: string,
  schema: v.GenericSchema<unknown, Value>,
): Variable<Value> {
  return {
    name,
    expected: `JSON of ${expected}`,
    write: (value) => JSON.stringify(value),
    read: (value) => readJson(value, schema),
  };
}

/**
 * Fields that the schema does not know are passed over: while Lambda changes code and environment
 * one after the other, each may be of another version.
 */
function readJson<Value>(
  value: string,
  schema: v.GenericSchema<unknown, Value>,
): Value | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson()), value);
  if (!parsed.success) return undefined;
  // A strict schema refuses unknown fields, but leaves them out of what it hands back.
  const known = v.safeParse(schema, parsed.output);
  const { success, output } = known.success ? known : v.safeParse(schema, known.output);
  return success ? output : undefined;
}
