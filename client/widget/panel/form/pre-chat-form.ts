/** The questions before the first message, with their answers so far. */
import type { Profile } from '#protocol/frames';
import type { FormField } from '../../config.ts';
import { type Answers, askedFields, fieldProblem, knownAnswers, profileWith } from './rules.ts';

export class PreChatForm {
  readonly #all: readonly FormField[];
  #answers: Answers = {};
  #isChecked = false;
  #isDone = false;

  constructor(fields: readonly FormField[]) {
    this.#all = fields;
  }

  get answers(): Answers {
    return this.#answers;
  }

  /** It was sent off once: problems are shown from now on. */
  get isChecked(): boolean {
    return this.#isChecked;
  }

  /** @returns what is to be asked of this customer. */
  fields(profile: Profile): readonly FormField[] {
    return askedFields(this.#all, knownAnswers(profile), this.#answers);
  }

  isOpen(profile: Profile): boolean {
    return !this.#isDone && this.fields(profile).length > 0;
  }

  answer(answers: Answers): void {
    this.#answers = { ...this.#answers, ...answers };
  }

  /** @returns the first field with a problem, or the profile with what was answered. */
  finish(profile: Profile): { readonly wrong?: string; readonly profile?: Profile } {
    this.#isChecked = true;
    const asked = this.fields(profile);
    const wrong = asked.find((field) => fieldProblem(field, this.#answers[field.name] ?? ''));
    if (wrong) return { wrong: wrong.name };
    const given = asked.flatMap(({ name }): [string, string][] => [
      [name, this.#answers[name] ?? ''],
    ]);
    this.#isDone = true;
    return { profile: profileWith(profile, Object.fromEntries(given)) };
  }

  /** For the next chat it is asked again what the profile does not answer. */
  reopen(): void {
    this.#isDone = false;
  }
}
