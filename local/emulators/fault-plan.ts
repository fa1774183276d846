import * as v from 'valibot';

export const count = v.pipe(v.number(), v.integer('expected a whole number'), v.minValue(0));
export const milliseconds = v.pipe(v.number(), v.finite(), v.minValue(0));

/** Least and most. */
export const rangeMs = v.pipe(
  v.tuple([milliseconds, milliseconds]),
  v.check(([min, max]) => min <= max, 'the first bound is above the second'),
  v.readonly(),
);

/**
 * An object with these fields only. Without a prototype of its own, valibot would take the fields
 * that every object inherits, such as `constructor`, for known.
 */
export function fields<Entries extends v.ObjectEntries>(entries: Entries) {
  return v.strictObject(Object.assign(Object.create(null), entries) as Entries);
}

/**
 * Reads faults that a test asks for.
 * @param name of the part, with which the message begins; absent: it is the whole.
 * @throws Error `<field>: <what is wrong>`.
 */
export function faultPlan<Schema extends v.GenericSchema>(
  schema: Schema,
  plan: unknown,
  name?: string,
): v.InferOutput<Schema> {
  // To valibot a list is an object, too.
  if (Array.isArray(plan)) throw new Error(`${name ?? 'faults'}: expected an object`);
  const parsed = v.safeParse(schema, plan);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const field = [name, v.getDotPath(issue)].filter(Boolean).join('.');
  throw new Error(`${field || 'faults'}: ${issue.message}`);
}
