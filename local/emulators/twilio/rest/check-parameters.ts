import { parseDurationMs } from './duration.ts';
import type { Kind, Parameter } from './parameter.ts';
import { badRequest } from './twilio-error.ts';

/** Decoded names and values in the order in which they came. */
export type Pairs = readonly (readonly [name: string, value: string])[];

/** The checked parameters of one request. */
export class Parameters {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
  }

  text(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  list(name: string): readonly string[] | undefined {
    return this.#values.get(name);
  }

  integer(name: string): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : Number(value);
  }

  boolean(name: string): boolean | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : value === 'true';
  }

  json(name: string): unknown {
    const value = this.text(name);
    return value === undefined ? undefined : JSON.parse(value);
  }

  timeMs(name: string): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : Date.parse(value);
  }

  durationMs(name: string): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : parseDurationMs(value);
  }
}

/**
 * Holds a request against its row in the table. Twilio itself ignores what it does not know;
 * here an unknown name is refused, since it would be a misspelling that has no effect.
 * @throws TwilioError naming the first parameter at fault.
 */
export function checkParameters(expected: readonly Parameter[], given: Pairs): Parameters {
  const values = new Map<string, string[]>();
  for (const [name, value] of given) {
    const parameter = expected.find((each) => each.name === name);
    if (parameter === undefined) throw badRequest(`Unknown parameter ${name}`);
    const earlier = values.get(name);
    if (earlier !== undefined && !parameter.repeated) {
      throw badRequest(`Parameter ${name} is given more than once`);
    }
    const fault = faultOf(parameter.kind, value);
    if (fault !== undefined) {
      throw badRequest(`Invalid parameter ${name}: ${fault}`, parameter.errorCode);
    }
    values.set(name, [...(earlier ?? []), value]);
  }
  const missing = expected.find(({ name, required }) => required && !values.has(name));
  if (missing !== undefined) throw badRequest(`Missing required parameter ${missing.name}`);
  return new Parameters(values);
}

function notOneOf({ values, anyCase }: Kind & { type: 'enum' }, value: string): string | undefined {
  const isOne = values.includes(anyCase ? value.toUpperCase() : value);
  return isOne ? undefined : `expected one of ${values.join(', ')}`;
}

/** @returns what is wrong with the value, if anything is. */
function faultOf(kind: Kind, value: string): string | undefined {
  switch (kind.type) {
    case 'text':
      return tooLong(value, kind.maxCharacters, kind.maxBytes);
    case 'enum':
      return notOneOf(kind, value);
    case 'sid':
      return isSid(value, kind.prefix)
        ? undefined
        : `expected a SID that starts with ${kind.prefix}`;
    case 'integer':
      return integerFault(value, kind.minimum, kind.maximum ?? Number.MAX_SAFE_INTEGER);
    case 'time':
      return isTime(value) ? undefined : 'expected an ISO 8601 date and time';
    case 'duration':
      return durationFault(value, kind.minimumMs);
    case 'json':
      return isJson(value) ? tooLong(value, undefined, kind.maxBytes) : 'expected JSON';
    case 'boolean':
      return ['true', 'false'].includes(value) ? undefined : 'expected true or false';
    case 'url':
      return urlFault(value, kind.mayBeEmpty ?? false);
  }
}

export const isSid = (value: string, prefix: string): boolean =>
  value.startsWith(prefix) && /^[A-Z]{2}[0-9a-fA-F]{32}$/.test(value);

function tooLong(value: string, maxCharacters = Infinity, maxBytes = Infinity): string | undefined {
  if (value.length > maxCharacters) return `longer than ${maxCharacters} characters`;
  return Buffer.byteLength(value) > maxBytes ? `larger than ${maxBytes} bytes` : undefined;
}

function integerFault(value: string, minimum: number, maximum: number): string | undefined {
  const number = Number(value);
  const fits = /^-?\d+$/.test(value) && number >= minimum && number <= maximum;
  return fits ? undefined : `expected an integer from ${minimum} to ${maximum}`;
}

function durationFault(value: string, minimumMs: number): string | undefined {
  const durationMs = parseDurationMs(value);
  if (durationMs === undefined) return 'expected an ISO 8601 duration';
  return durationMs < minimumMs ? `shorter than ${minimumMs / 60_000} minutes` : undefined;
}

const isTime = (value: string): boolean =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/.test(value) &&
  !Number.isNaN(Date.parse(value));

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

function urlFault(value: string, mayBeEmpty: boolean): string | undefined {
  if (isUrl(value) || (mayBeEmpty && value === '')) return undefined;
  return 'expected an absolute http or https URL';
}

const isUrl = (value: string): boolean =>
  URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol);
