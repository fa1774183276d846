import type { EventOf, EventType, ServerEvent } from '#protocol/events';
import { parseObject } from '#protocol/parse-object';

/**
 * Parses what the server sent. The types below keep this in step with the protocol's schemas;
 * a validator of its own would weigh as much as a fifth of the SDK. Only what code relies on
 * is checked: required fields and their types. API Gateway's own error frame (it has no
 * `type`) becomes an `unavailable` error.
 * @returns undefined for what a client ignores.
 */
export function parseEvent(text: string): ServerEvent | undefined {
  const value = parseObject(text);
  if (value === undefined) return undefined;
  if (!('type' in value) && 'message' in value && 'connectionId' in value) {
    return { type: 'error', code: 'unavailable', message: 'the gateway refused the frame' };
  }
  const shape = SHAPES.get(value['type']);
  return shape && fits(value, shape) ? (value as unknown as ServerEvent) : undefined;
}

type RequiredKeys<T> = { [K in keyof T]-?: undefined extends T[K] ? never : K }[keyof T];

/** The name of a type, the shape of an object, or a list of the shape of its members. */
type ShapeOf<T> = T extends string
  ? 'string'
  : T extends number
    ? 'number'
    : T extends boolean
      ? 'boolean'
      : T extends readonly (infer Member)[]
        ? readonly [ShapeOf<Member>]
        : { readonly [K in Exclude<RequiredKeys<T>, 'type'>]: ShapeOf<T[K]> };

type Shape = string | readonly [Shape] | { readonly [field: string]: Shape };

const MESSAGE: ShapeOf<EventOf<'message'>> = {
  chat: 'number',
  index: 'number',
  author: { role: 'string', name: 'string' },
  body: 'string',
  sentAt: 'string',
};

const BY_TYPE: { readonly [Type in EventType]: ShapeOf<EventOf<Type>> } = {
  session: {
    sessionId: 'string',
    token: 'string',
    expiresAt: 'string',
    chat: { number: 'number', state: 'string' },
    missed: [MESSAGE],
    complete: 'boolean',
  },
  accepted: { id: 'string' },
  history: { chat: 'number', messages: [MESSAGE], complete: 'boolean', state: 'string' },
  ok: { action: 'string' },
  pong: { now: 'string' },
  token: { valid: 'boolean' },
  error: { code: 'string', message: 'string' },
  message: MESSAGE,
  rejected: { id: 'string', code: 'string' },
  participant: { chat: 'number', event: 'string', role: 'string', name: 'string' },
  read: { chat: 'number', index: 'number' },
  typing: { chat: 'number', name: 'string' },
  idle: { chat: 'number', endsAt: 'string' },
  ended: { chat: 'number', by: 'string', at: 'string' },
  closing: { reason: 'string', reconnect: 'boolean' },
};

const SHAPES = new Map<unknown, Shape>(Object.entries(BY_TYPE));

function fits(value: unknown, shape: Shape): boolean {
  if (typeof shape === 'string') return typeof value === shape;
  if (isList(shape)) {
    return Array.isArray(value) && value.every((member) => fits(member, shape[0]));
  }
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(shape).every(([field, inner]) =>
      fits((value as Record<string, unknown>)[field], inner),
    )
  );
}

const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape);
