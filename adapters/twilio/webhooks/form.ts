import * as v from 'valibot';
import { ChatError } from '#core/errors';

/** Decoded fields of a webhook; an array where the key was repeated. */
export type WebhookForm = Readonly<Record<string, string | string[]>>;

/** Twilio's webhooks have some thirty. */
const MAX_FIELDS = 256;

/**
 * @returns undefined where the content type says that it is no form.
 * @throws ChatError as `parseForm`.
 */
export function formOf(contentType: string | undefined, rawBody: string): WebhookForm | undefined {
  const [mediaType = ''] = contentType?.split(';', 1) ?? [];
  const isForm = mediaType.trim().toLowerCase() === 'application/x-www-form-urlencoded';
  return isForm ? parseForm(rawBody) : undefined;
}

/**
 * Decodes a form as received: repeated keys and empty values stay, `+` and `%20` are spaces.
 * The signature covers the decoded fields, so anybody can make us decode: the cost is linear in the
 * body's length, which the caller has bounded.
 * @throws ChatError `FORBIDDEN` for more fields than Twilio sends.
 */
export function parseForm(rawBody: string): WebhookForm {
  const fields = new Map<string, string[]>();
  for (const [name, value] of pairsOf(rawBody)) {
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [value]);
    else values.push(value);
  }
  // Not by assignment: a field may be called `__proto__`.
  return Object.fromEntries(
    Array.from(fields, ([name, [first = '', ...more]]) => [
      name,
      more.length === 0 ? first : [first, ...more],
    ]),
  );
}

function pairsOf(rawBody: string): URLSearchParams {
  if (rawBody.split('&', MAX_FIELDS + 1).length > MAX_FIELDS) {
    throw new ChatError('FORBIDDEN', `a webhook of more than ${MAX_FIELDS} fields`);
  }
  return new URLSearchParams(rawBody);
}

/** A number of a form: decimal digits only. */
export const decimal = v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number), v.safeInteger());

/** A number that may be missing, empty or no number; then empty. */
export const looseIndex = v.fallback(v.optional(v.union([decimal, v.literal('')]), ''), '');

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
