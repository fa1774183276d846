/** Finds what is wrong in the questions that a page configures. Pure. */
import type { FormField } from '../../config.ts';

const FIELD_TYPES = ['text', 'email', 'choice', 'checkbox'];

/** @returns the first problem, by field and cure. */
export function formProblem(fields: readonly FormField[]): string | undefined {
  const names = new Set<unknown>();
  for (const [place, field] of fields.entries()) {
    const problem = fieldProblem(field, names);
    if (problem) return `[${place}] ${problem}`;
    names.add(field.name);
  }
  return undefined;
}

function fieldProblem(field: Partial<FormField> | null, before: Set<unknown>): string | undefined {
  if (typeof field !== 'object' || field === null) return 'must be a field';
  const { name, label, type, options, pattern, when } = field;
  if (typeof name !== 'string' || name === '') return 'needs a name';
  if (before.has(name)) return `"${name}" is there twice`;
  if (typeof label !== 'string' || label === '') return `"${name}" needs a label`;
  if (!FIELD_TYPES.includes(type as string)) {
    return `"${name}" needs a type: ${FIELD_TYPES.join(', ')}`;
  }
  if (type === 'choice' && !(options?.length ?? 0)) return `"${name}" needs options`;
  if (when && !before.has(when.field))
    return `"${name}" depends on "${when.field}", which is not before it`;
  return pattern === undefined || isPattern(pattern) ? undefined : `"${name}" has a wrong pattern`;
}

function isPattern(pattern: unknown): boolean {
  try {
    return typeof pattern === 'string' && new RegExp(pattern, 'u') !== undefined;
  } catch {
    return false;
  }
}
