import * as v from 'valibot';

/**
 * Reads a part of the faults that a test asks for.
 * @param name of the part, with which the message begins.
 * @throws Error `<field>: <what is wrong>`.
 */
export function faultPlan<Schema extends v.GenericSchema>(
  schema: Schema,
  plan: unknown,
  name: string,
): v.InferOutput<Schema> {
  // To valibot a list is an object, too.
  if (Array.isArray(plan)) throw new Error(`${name}: expected an object`);
  const parsed = v.safeParse(schema, plan);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new Error(`${[name, v.getDotPath(issue)].filter(Boolean).join('.')}: ${issue.message}`);
}
