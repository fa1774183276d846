import {
  type ConversionConfig,
  type JsonSchema,
  type OverrideActionContext,
  toJsonSchemaDefs,
} from '@valibot/to-json-schema';
import { ChoiceSchema, ContentSchema } from '#protocol/content';
import { EventSchema, type EventType, MediaSchema } from '#protocol/events';
import { type Action, CursorSchema, FrameSchema, ProfileSchema } from '#protocol/frames';

/** Names of a frame and of an event among all schemas: some words stand for both. */
export const frameName = (action: Action): string => `${capitalized(action)}Frame`;
export const eventName = (type: EventType): string => `${capitalized(type)}Event`;

/** Every schema of the protocol as JSON Schema, those that several share by reference. */
export function jsonSchemas(): Record<string, JsonSchema> {
  const frames = FrameSchema.options.map(
    (schema) => [frameName(schema.entries.action.literal), schema] as const,
  );
  const events = EventSchema.options.map(
    (schema) => [eventName(schema.entries.type.literal), schema] as const,
  );
  const shared = {
    Cursor: CursorSchema,
    Profile: ProfileSchema,
    Media: MediaSchema,
    Content: ContentSchema,
    Choice: ChoiceSchema,
  };
  return toJsonSchemaDefs({ ...shared, ...Object.fromEntries([...frames, ...events]) }, CONVERSION);
}

const CONVERSION: ConversionConfig = {
  target: 'draft-07',
  // What comes before the last schema of a pipeline only refuses lists, as JSON Schema does anyway.
  typeMode: 'output',
  overrideAction: describeLimit,
  overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
};

/** JSON Schema counts code points; what counts otherwise is said in words, with the nearest bound. */
function describeLimit({ valibotAction, jsonSchema }: OverrideActionContext) {
  const { requirement, message } = valibotAction as { requirement?: unknown; message?: unknown };
  const maxLength = Number(requirement);
  switch (valibotAction.type) {
    case 'max_bytes':
      return {
        ...jsonSchema,
        maxLength,
        description: `At most ${maxLength} bytes as UTF-8.`,
      };
    case 'max_length':
      return { ...jsonSchema, maxLength, description: `At most ${maxLength} UTF-16 code units.` };
    case 'check':
      return { ...jsonSchema, description: sentence(String(message)) };
    default:
      return undefined;
  }
}

/** `too large: at most 4096 bytes as JSON` says its limit after the colon. */
function sentence(message: string): string {
  return `${capitalized(message.slice(message.indexOf(': ') + 2))}.`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
