/** What `PUT /faults` takes. Every part may be left out. */
export interface FaultSettings {
  readonly seed?: number;
  /** The next `count` REST requests are refused; `retryAfter`: in seconds, as the header of that name. */
  readonly rest?: {
    readonly status: 429 | 500 | 503;
    readonly count: number;
    readonly retryAfter?: number;
  };
  /** The next `count` successful writes happen, but their connection is cut before the answer. */
  readonly restAfterCommit?: { readonly count: number };
  readonly latencyMs?: number;
  readonly webhook?: DeliveryFaults;
  /**
   * The next `count` tasks are promised and never made. `isTold`: an interaction's webhook says so,
   * as Flex does; otherwise nobody hears of it.
   */
  readonly routing?: { readonly count: number; readonly isTold?: boolean };
  /** From now on a message names its author by their participant's SID, as has been seen of some channels. */
  readonly authors?: 'participant';
  /** Of Event Streams: what is dropped here is never told, as if Twilio had given it up. */
  readonly events?: DeliveryFaults;
}

interface DeliveryFaults {
  /** Probability. */
  readonly drop?: number;
  /** Probability. */
  readonly duplicate?: number;
  /** Least and most. */
  readonly delayMs?: readonly [number, number];
}

type Check = (value: unknown, field: string) => void;

const number =
  (expected: string, fits: (value: number) => boolean): Check =>
  (value, field) => {
    if (typeof value !== 'number' || !fits(value))
      throw new Error(`${field}: expected ${expected}`);
  };

const count = number('a whole number', (value) => Number.isInteger(value) && value >= 0);
const probability = number('a number from 0 to 1', (value) => value >= 0 && value <= 1);
const milliseconds = number('milliseconds', (value) => Number.isFinite(value) && value >= 0);

const range: Check = (value, field) => {
  if (!Array.isArray(value) || value.length !== 2) throw new Error(`${field}: expected [min, max]`);
  value.forEach((bound, index) => {
    milliseconds(bound, `${field}[${index}]`);
  });
  if (value[0] > value[1]) throw new Error(`${field}: min is above max`);
};

const yesOrNo: Check = (value, field) => {
  if (typeof value !== 'boolean') throw new Error(`${field}: expected true or false`);
};

const object =
  (fields: Readonly<Record<string, Check>>, required: readonly string[] = []): Check =>
  (value, field) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Error(`${field || 'faults'}: expected an object`);
    }
    const nameOf = (key: string) => (field ? `${field}.${key}` : key);
    const missing = required.find((key) => !(key in value));
    if (missing !== undefined) throw new Error(`${nameOf(missing)}: missing`);
    for (const [key, part] of Object.entries(value)) {
      const check = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (check === undefined) throw new Error(`${nameOf(key)}: unknown`);
      check(part, nameOf(key));
    }
  };

const delivery = object({ drop: probability, duplicate: probability, delayMs: range });

const check = object({
  seed: number('an integer', Number.isInteger),
  rest: object(
    {
      status: number('429, 500 or 503', (value) => [429, 500, 503].includes(value)),
      count,
      retryAfter: count,
    },
    ['status', 'count'],
  ),
  restAfterCommit: object({ count }, ['count']),
  latencyMs: milliseconds,
  routing: object({ count, isTold: yesOrNo }, ['count']),
  authors: (value, field) => {
    if (value !== 'participant') throw new Error(`${field}: expected "participant"`);
  },
  webhook: delivery,
  events: delivery,
});

/** @throws Error naming the field at fault. */
export function parseFaultSettings(value: unknown): FaultSettings {
  check(value, '');
  return value as FaultSettings;
}
