/** Frames from the customer: their schemas, types and the parser. */
import * as v from 'valibot';
import { isBlank } from './blank.ts';
import type { Code } from './codes.ts';
import { ChoiceSchema } from './content.ts';
import { isTooDeep, MAX_JSON_DEPTH } from './json-depth.ts';
import {
  DEFAULT_MAX_BODY_BYTES,
  HIGHEST_MAX_BODY_BYTES,
  MAX_ATTRIBUTES_BYTES,
  MAX_FILENAME_CHARACTERS,
  MAX_FRAME_BYTES,
  MAX_HISTORY_LIMIT,
  MAX_PROFILE_BYTES,
  MAX_REF_CHARACTERS,
  MAX_TOKEN_BYTES,
  utf8Bytes,
} from './limits.ts';
import { parseObject } from './parse-object.ts';

/** Marks a failed check as `too_large` instead of `bad_frame`. */
const TOO_LARGE = 'too large: ';

/** Of the name of a refused field, in the reply. */
const MAX_PATH_CHARACTERS = 64;

const text = (maxBytes: number, minBytes = 0) =>
  v.pipe(
    v.string(),
    v.minLength(minBytes),
    v.maxBytes(maxBytes, `${TOO_LARGE}at most ${maxBytes} bytes`),
  );

const jsonAtMost = <Value>(maxBytes: number) =>
  v.check<Value, string>(
    (value) => utf8Bytes(JSON.stringify(value)) <= maxBytes,
    `${TOO_LARGE}at most ${maxBytes} bytes as JSON`,
  );

/** To JavaScript a list is an object too; in a frame it is a wrong type. */
const notList = v.rawCheck<unknown>(({ dataset, addIssue }) => {
  if (Array.isArray(dataset.value)) addIssue({ expected: 'Object' });
});

const textRecord = v.pipe(v.unknown(), notList, v.record(v.string(), v.string()));

const ref = v.exactOptional(v.pipe(v.string(), v.maxLength(MAX_REF_CHARACTERS)));
const messageId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/));
const chatNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
/** Without a cursor: lists the last messages of the current chat, not its first ones. */
const latest = v.exactOptional(v.boolean());

export const CursorSchema = v.object({
  chat: chatNumber,
  index: v.pipe(v.number(), v.safeInteger(), v.minValue(-1)),
});

export const ProfileSchema = v.pipe(
  v.unknown(),
  notList,
  v.object({
    name: v.exactOptional(text(256)),
    email: v.exactOptional(text(320)),
    language: v.exactOptional(text(35)),
    pageUrl: v.exactOptional(text(2_048)),
    fields: v.exactOptional(textRecord),
  }),
  jsonAtMost(MAX_PROFILE_BYTES),
);

export const HelloSchema = v.object({
  action: v.literal('hello'),
  ref,
  profile: v.exactOptional(ProfileSchema),
  after: v.exactOptional(CursorSchema),
  latest,
});

export const SendMessageSchema = v.object({
  action: v.literal('sendMessage'),
  ref,
  id: messageId,
  body: text(HIGHEST_MAX_BODY_BYTES, 1),
  chat: v.exactOptional(chatNumber),
  attributes: v.exactOptional(
    v.pipe(
      v.unknown(),
      notList,
      v.record(v.string(), v.unknown()),
      jsonAtMost(MAX_ATTRIBUTES_BYTES),
    ),
  ),
  /** The message is a choice that another message offers. */
  choice: v.exactOptional(ChoiceSchema),
});

export const HistorySchema = v.object({
  action: v.literal('history'),
  ref,
  after: v.exactOptional(CursorSchema),
  latest,
  limit: v.exactOptional(
    v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_HISTORY_LIMIT)),
  ),
});

export const StartChatSchema = v.object({
  action: v.literal('startChat'),
  ref,
  profile: v.exactOptional(ProfileSchema),
});

export const MarkReadSchema = v.object({
  action: v.literal('markRead'),
  ref,
  chat: chatNumber,
  index: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

/** No path, no control character and no half of a character: something that is a name anywhere. */
function isFilename(name: string): boolean {
  return [...name].every((character) => {
    const point = character.codePointAt(0) ?? 0;
    const isControl = point < 0x20 || (point >= 0x7f && point < 0xa0);
    const isHalf = point >= 0xd800 && point <= 0xdfff;
    return !isControl && !isHalf && character !== '/' && character !== '\\';
  });
}

const filename = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(MAX_FILENAME_CHARACTERS),
  v.check(isFilename, 'filename: without a path and without control characters'),
);

/** Asks where a file may be uploaded; `id` becomes the id of the message that carries it. */
export const AttachSchema = v.object({
  action: v.literal('attach'),
  ref,
  id: messageId,
  filename,
  contentType: v.pipe(v.string(), v.maxLength(127), v.regex(/^[a-z0-9.+-]+\/[a-z0-9.+-]+$/)),
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  chat: v.exactOptional(chatNumber),
});

/** Asks for the short-lived address of a file that a message carries. */
export const MediaFrameSchema = v.object({
  action: v.literal('media'),
  ref,
  chat: chatNumber,
  index: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
});

export const TypingSchema = v.object({
  action: v.literal('typing'),
  ref,
  chat: v.exactOptional(chatNumber),
  /** Up to which message the customer sees the chat while writing. */
  index: v.exactOptional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
});
export const EndChatSchema = v.object({ action: v.literal('endChat'), ref });
/** Of a connection that was opened without a token. It need not have said hello. */
export const CheckTokenSchema = v.object({
  action: v.literal('checkToken'),
  ref,
  token: text(MAX_TOKEN_BYTES, 1),
});

export const PingSchema = v.object({ action: v.literal('ping'), ref });

export const FrameSchema = v.variant('action', [
  HelloSchema,
  SendMessageSchema,
  AttachSchema,
  MediaFrameSchema,
  HistorySchema,
  StartChatSchema,
  MarkReadSchema,
  TypingSchema,
  EndChatSchema,
  CheckTokenSchema,
  PingSchema,
]);

export type Frame = v.InferOutput<typeof FrameSchema>;
export type Action = Frame['action'];
export type Profile = v.InferOutput<typeof ProfileSchema>;
export type Cursor = v.InferOutput<typeof CursorSchema>;

const ACTIONS: ReadonlySet<unknown> = new Set(
  FrameSchema.options.map(({ entries }) => entries.action.literal),
);

/** What `parseFrame` answers. `ref` and `id` are given whenever they could be read, so that a refusal can name its frame. */
export type ParsedFrame =
  | { readonly ok: true; readonly frame: Frame }
  | {
      readonly ok: false;
      readonly code: Extract<Code, 'bad_frame' | 'unknown_action' | 'too_large'>;
      /** For developers; names the field and the limit, never repeats the value. */
      readonly message: string;
      readonly ref?: string;
      readonly id?: string;
    };

/**
 * Parses one text frame. Never throws.
 * @param maxBodyBytes configured limit of a message body, at most `HIGHEST_MAX_BODY_BYTES`.
 */
export function parseFrame(raw: string, maxBodyBytes = DEFAULT_MAX_BODY_BYTES): ParsedFrame {
  if (utf8Bytes(raw) > MAX_FRAME_BYTES) {
    return refuse('too_large', `a frame has at most ${MAX_FRAME_BYTES} bytes`);
  }
  const value = parseObject(raw);
  if (value === undefined) return refuse('bad_frame', 'a frame is a JSON object');
  // Parsing does not recurse, and so may be used to name the frame; what follows does.
  if (isTooDeep(raw)) {
    return refuse('bad_frame', `a frame is nested at most ${MAX_JSON_DEPTH} deep`, value);
  }
  if (typeof value['action'] !== 'string') {
    return refuse('bad_frame', 'action: a text is required', value);
  }
  if (!ACTIONS.has(value['action'])) {
    return refuse('unknown_action', 'action: not known in this protocol', value);
  }
  const { action, body } = value;
  if (action === 'sendMessage' && typeof body === 'string') {
    if (utf8Bytes(body) > maxBodyBytes) {
      return refuse('too_large', `body: ${TOO_LARGE}at most ${maxBodyBytes} bytes`, value);
    }
    if (isBlank(body)) return refuse('bad_frame', 'body: blank, nothing to see', value);
  }
  const result = v.safeParse(FrameSchema, value);
  return result.success ? { ok: true, frame: result.output } : refuseFor(result.issues[0], value);
}

function refuseFor(
  issue: v.BaseIssue<unknown>,
  value: Readonly<Record<string, unknown>>,
): ParsedFrame {
  const path = shortened(v.getDotPath(issue) ?? 'frame');
  const large = issue.message.startsWith(TOO_LARGE);
  const reason = large ? issue.message : (expectation(issue.expected) ?? 'not allowed');
  return refuse(large ? 'too_large' : 'bad_frame', `${path}: ${reason}`, value);
}

/** A custom field's name may be as long as the frame. */
function shortened(path: string): string {
  return path.length <= MAX_PATH_CHARACTERS ? path : `${path.slice(0, MAX_PATH_CHARACTERS)}…`;
}

function expectation(expected: string | null): string | undefined {
  return expected === null ? undefined : `expected ${expected}`;
}

function refuse(
  code: Extract<Code, 'bad_frame' | 'unknown_action' | 'too_large'>,
  message: string,
  value: Record<string, unknown> = {},
): ParsedFrame {
  const { ref: frameRef, id } = value;
  return {
    ok: false,
    code,
    message,
    ...(typeof frameRef === 'string' && frameRef.length <= MAX_REF_CHARACTERS && { ref: frameRef }),
    ...(typeof id === 'string' && id.length <= 64 && { id }),
  };
}
