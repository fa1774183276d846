/** The protocol's types as plain TypeScript: a page that is type-checked need not know the schema library. */
import * as content from '../../protocol/content.ts';
import * as events from '../../protocol/events.ts';
import * as frames from '../../protocol/frames.ts';

/** What of a schema is looked at. */
interface Schema {
  readonly type: string;
  readonly kind?: string;
  readonly pipe?: readonly Schema[];
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly options?: readonly (Schema | string)[];
  readonly item?: Schema;
  readonly literal?: unknown;
  readonly wrapped?: Schema;
  readonly value?: Schema;
}

/** @returns declarations for what `protocol/events.ts` exports as types. */
export function eventTypes(): string {
  const { SessionSchema, MessageSchema, MediaSchema, EventSchema } = events;
  const { chat } = SessionSchema.entries;
  return [
    `export type ServerEvent = ${plain(EventSchema)};`,
    "export type EventType = ServerEvent['type'];",
    'export type EventOf<Type extends EventType> = Extract<ServerEvent, { type: Type }>;',
    `export type ChatState = ${plain(chat.entries.state)};`,
    `export type AuthorRole = ${plain(MessageSchema.entries.author.entries.role)};`,
    "export type Kept = NonNullable<EventOf<'history'>['kept']>;",
    '/** Which files a server takes: so many bytes at most, and types with how names of such files end. */',
    `export type FileLimits = ${plain(SessionSchema.entries.files)};`,
    '/** A file in a message; `id` is what `mediaUrl` takes. */',
    `export type Media = ${plain(MediaSchema)};`,
    '',
  ].join('\n');
}

/** @returns declarations for what `protocol/content.ts` exports as types. */
export function contentTypes(): string {
  return [
    '/** What a message may be besides its text, by its `type`. */',
    `export type Content = ${plain(content.ContentSchema)};`,
    '/** What the customer has chosen, and in which message of the chat. */',
    `export type Choice = ${plain(content.ChoiceSchema)};`,
    '',
  ].join('\n');
}

/** @returns declarations for what `protocol/frames.ts` exports as types. */
export function frameTypes(): string {
  return [
    `export type Frame = ${plain(frames.FrameSchema)};`,
    "export type Action = Frame['action'];",
    '/** Who the customer is: `name` and `email` are shown to the agent, `fields` become attributes of the task. */',
    `export type Profile = ${plain(frames.ProfileSchema)};`,
    `export type Cursor = ${plain(frames.CursorSchema)};`,
    '',
  ].join('\n');
}

/** @throws Error for a kind of schema that the protocol has not used so far. */
function plain(given: unknown): string {
  const schema = given as Schema;
  const narrowed = schema.pipe?.filter(({ kind }) => kind === 'schema').at(-1);
  if (narrowed && narrowed !== schema && narrowed.type !== schema.type) return plain(narrowed);
  switch (schema.type) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'unknown':
      return schema.type;
    case 'literal':
      return JSON.stringify(schema.literal);
    case 'exact_optional':
      return plain(schema.wrapped);
    case 'picklist':
      return (schema.options ?? []).map((option) => JSON.stringify(option)).join(' | ');
    case 'variant':
      return (schema.options ?? []).map(plain).join(' | ');
    case 'array':
      return `(${plain(schema.item)})[]`;
    case 'record':
      return `{ [key: string]: ${plain(schema.value)} }`;
    case 'object':
      return `{ ${Object.entries(schema.entries ?? {})
        .map(field)
        .join(' ')} }`;
    default:
      throw new Error(`scripts/package/plain-types.ts knows no schema of type ${schema.type}`);
  }
}

const field = ([name, schema]: [string, Schema]): string =>
  `${name}${schema.type === 'exact_optional' ? '?' : ''}: ${plain(schema)};`;
