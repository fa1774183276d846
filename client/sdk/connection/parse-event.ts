import type { EventOf, EventType, ServerEvent } from '#protocol/events';
import { parseObject } from '#protocol/parse-object';
import { fits } from '../basics/fits.ts';

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
    return { type: 'error', code: 'unavailable', message: String(value['message']) };
  }
  const shape = SHAPES.get(value['type']);
  return shape && fits(value, shape) ? (value as unknown as ServerEvent) : undefined;
}

type RequiredKeys<T> = { [K in keyof T]-?: undefined extends T[K] ? never : K }[keyof T];

/** A value of the type, the shape of an object, or a list of the shape of its members. */
type ShapeOf<T> = T extends string
  ? ''
  : T extends number
    ? 0
    : T extends boolean
      ? true
      : T extends readonly (infer Member)[]
        ? readonly [ShapeOf<Member>]
        : { readonly [K in Exclude<RequiredKeys<T>, 'type'>]: ShapeOf<T[K]> };

const MESSAGE: ShapeOf<EventOf<'message'>> = {
  chat: 0,
  index: 0,
  author: { role: '', name: '' },
  body: '',
  sentAt: '',
};

const BY_TYPE: { readonly [Type in EventType]: ShapeOf<EventOf<Type>> } = {
  session: {
    sessionId: '',
    token: '',
    expiresAt: '',
    chat: { number: 0, state: '' },
    missed: [MESSAGE],
    complete: true,
  },
  accepted: { id: '' },
  upload: { id: '', url: '', fields: {}, expiresAt: '' },
  media: { chat: 0, index: 0, id: '', url: '' },
  history: { chat: 0, messages: [MESSAGE], complete: true, state: '' },
  ok: { action: '' },
  pong: { now: '' },
  token: { valid: true },
  error: { code: '', message: '' },
  message: MESSAGE,
  messageEdited: { ...MESSAGE, editedAt: '' },
  messageDeleted: { chat: 0, index: 0 },
  rejected: { id: '', code: '' },
  participant: { chat: 0, event: '', role: '', name: '' },
  read: { chat: 0, index: 0 },
  typing: { chat: 0, name: '' },
  idle: { chat: 0, endsAt: '' },
  ended: { chat: 0, by: '', at: '' },
  closing: { reason: '', reconnect: true },
};

const SHAPES = new Map<unknown, object>(Object.entries(BY_TYPE));
