import * as v from 'valibot';
import { ChatError } from '#core/errors';

/** Decoded fields of a webhook; an array where the key was repeated. */
export type WebhookForm = Readonly<Record<string, string | string[]>>;

/** Decodes a form as received: repeated keys and empty values stay, `+` and `%20` are spaces. */
export function parseForm(rawBody: string): WebhookForm {
  const fields = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(rawBody)) {
    const earlier = fields.get(name);
    fields.set(name, earlier === undefined ? value : [earlier, value].flat());
  }
  // Not by assignment: a field may be called `__proto__`.
  return Object.fromEntries(fields);
}

/** A number of a form: decimal digits only. */
export const decimal = v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number), v.safeInteger());

/**
 * Takes the fields of an event out of a webhook.
 * @throws ChatError `INVALID_INPUT` that names the first field in the wrong, never its value.
 */
export function readFields<Fields>(
  form: WebhookForm,
  schema: v.GenericSchema<unknown, Fields>,
): Fields {
  const parsed = v.safeParse(schema, form);
  if (parsed.success) return parsed.output;
  const [field = 'form'] = v.getDotPath(parsed.issues[0])?.split('.') ?? [];
  const problem = field in form ? 'not as expected' : 'missing';
  throw new ChatError('INVALID_INPUT', `webhook field ${field}: ${problem}`);
}
