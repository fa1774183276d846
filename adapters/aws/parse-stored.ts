import * as v from 'valibot';
import { ChatError } from '#core/errors';

/**
 * As `parseStored`, for a text that holds JSON.
 * @throws ChatError `INVALID_INPUT`.
 */
export function parseStoredJson<const Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
  what: string,
): v.InferOutput<Schema> {
  return parseStored(schema, parseJson(text, what), what);
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own error quotes the text, which may be a customer's.
    throw new ChatError('INVALID_INPUT', `${what}: not JSON`);
  }
}

/**
 * Parses what an AWS service has stored for us.
 * @param what names it for operators. The error names the wrong field and never holds a value.
 * @throws ChatError `INVALID_INPUT`.
 */
export function parseStored<const Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  what: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const path = v.getDotPath(result.issues[0]) ?? 'value';
  throw new ChatError('INVALID_INPUT', `${what}: ${path} is not what was expected`);
}
