/**
 * Whether a value has the shape of a sample: the type of a text, number or truth value, each
 * field of an object, or members that all have the shape of a list's only one.
 */
export function fits(value: unknown, sample: unknown): boolean {
  if (Array.isArray(sample)) {
    return Array.isArray(value) && value.every((member) => fits(member, sample[0]));
  }
  return (
    typeof value === typeof sample &&
    (typeof sample !== 'object' ||
      (value !== null &&
        Object.entries(sample as object).every(([field, inner]) =>
          fits((value as Record<string, unknown>)[field], inner),
        )))
  );
}
