import type { FormField } from '../../config.ts';
import type { Words } from '../words.ts';
import { type Answers, fieldProblem } from './rules.ts';

export interface PreChatProps {
  readonly words: Words;
  readonly fields: readonly FormField[];
  readonly answers: Answers;
  /** The form was sent off once: problems are shown from now on. */
  readonly isChecked: boolean;
  onAnswer(answers: Answers): void;
  onDone(form: HTMLFormElement): void;
}

/** The questions before the first message, each with its problem beside it. */
export function PreChat({ words, fields, answers, isChecked, onAnswer, onDone }: PreChatProps) {
  const { texts } = words;
  return (
    <form
      class="form"
      part="form"
      novalidate
      onSubmit={(event) => {
        event.preventDefault();
        onDone(event.currentTarget);
      }}
    >
      {fields.map((field) => {
        const value = answers[field.name] ?? '';
        const found = isChecked ? fieldProblem(field, value) : undefined;
        const problem =
          found === 'required' ? texts.required : found && (field.patternHint ?? texts.invalid);
        return (
          <Field
            key={field.name}
            field={field}
            value={value}
            problem={problem}
            optional={texts.optional}
            onAnswer={onAnswer}
          />
        );
      })}
      <button class="primary" type="submit">
        {texts.start}
      </button>
    </form>
  );
}

interface FieldProps {
  readonly field: FormField;
  readonly value: string;
  readonly problem: string | undefined;
  readonly optional: string;
  onAnswer(answers: Answers): void;
}

function Field({ field, value, problem, optional, onAnswer }: FieldProps) {
  const { label, name, options = [], required = false, type } = field;
  const id = `field-${name}`;
  const common = {
    id,
    name,
    required,
    'aria-invalid': `${problem !== undefined}`,
    'aria-describedby': problem ? `${id}-problem` : undefined,
  };
  const isBox = type === 'checkbox';
  const labelled = (
    <label for={id}>
      {label} {!required && !isBox && <span class="hint">{optional}</span>}
    </label>
  );
  const onInput = ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLSelectElement }) =>
    onAnswer({ [name]: currentTarget.value });
  return (
    <div class={isBox ? 'field check' : 'field'}>
      {!isBox && labelled}
      {type === 'choice' ? (
        <select {...common} value={value} onInput={onInput}>
          <option value="" />
          {options.map((option) => (
            <option>{option}</option>
          ))}
        </select>
      ) : isBox ? (
        <input
          {...common}
          type="checkbox"
          checked={value === 'true'}
          onInput={({ currentTarget }) => onAnswer({ [name]: currentTarget.checked ? 'true' : '' })}
        />
      ) : (
        <input
          {...common}
          type={type as 'email'}
          dir="auto"
          maxlength={type === 'email' ? 320 : 256}
          autocomplete={field.autocomplete ?? AUTOFILL[name] ?? 'off'}
          value={value}
          onInput={onInput}
        />
      )}
      {isBox && labelled}
      {problem && (
        <p id={`${id}-problem`} class="problem">
          {problem}
        </p>
      )}
    </div>
  );
}

const AUTOFILL: Readonly<Record<string, string>> = { name: 'name', email: 'email' };
