import * as v from 'valibot';
import { ChatError } from '#core/errors';

/**
 * Parses what an AWS service kept for us.
 * @param what for operators. The error names the field at fault and never holds a value.
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
