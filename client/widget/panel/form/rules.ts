/** The questions before the first message: which are asked, what is wrong, what profile they make. Pure. */
import type { Profile } from '#protocol/frames';
import type { FormField } from '../../config.ts';

/** By field name; a checked box is `'true'`, one that is not `''`. */
export type Answers = Readonly<Record<string, string>>;

export type FieldProblem = 'required' | 'invalid';

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** @returns the fields to ask: those that neither the profile nor the page's condition answers. */
export function askedFields(
  fields: readonly FormField[],
  known: Answers,
  answers: Answers,
): readonly FormField[] {
  const all = { ...answers, ...known };
  return fields.filter(
    ({ name, when }) => !known[name] && (when === undefined || (all[when.field] ?? '') === when.is),
  );
}

/** @returns what the profile says already, by field name. */
export function knownAnswers({ name, email, fields }: Profile = {}): Answers {
  return { ...fields, ...(name && { name }), ...(email && { email }) };
}

export function fieldProblem(field: FormField, value: string): FieldProblem | undefined {
  const text = value.trim();
  if (text === '') return field.required ? 'required' : undefined;
  if (field.type === 'email' && !EMAIL.test(text)) return 'invalid';
  if (field.type === 'choice' && !field.options?.includes(text)) return 'invalid';
  if (field.pattern === undefined) return undefined;
  return new RegExp(`^(?:${field.pattern})$`, 'u').test(text) ? undefined : 'invalid';
}

/** The profile with what was answered; empty answers are left out. */
export function profileWith(profile: Profile = {}, answers: Answers): Profile {
  const { name, email, ...others } = answers;
  const given = Object.entries(others).filter(([, value]) => value !== '');
  const fields = { ...profile.fields, ...Object.fromEntries(given) };
  return {
    ...profile,
    ...(name && { name }),
    ...(email && { email }),
    ...(Object.keys(fields).length > 0 && { fields }),
  };
}
