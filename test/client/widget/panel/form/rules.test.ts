import type { FormField } from '#client/widget/config';
import {
  askedFields,
  fieldProblem,
  knownAnswers,
  profileWith,
} from '#client/widget/panel/form/rules';

const FIELDS: readonly FormField[] = [
  { name: 'name', label: 'Name', type: 'text', required: true },
  { name: 'topic', label: 'Topic', type: 'choice', options: ['order', 'return'] },
  { name: 'order', label: 'Order', type: 'text', when: { field: 'topic', is: 'order' } },
];
const names = (fields: readonly FormField[]) => fields.map(({ name }) => name);

describe('the questions before the first message', () => {
  test('are those whose condition holds', () => {
    expect(names(askedFields(FIELDS, {}, {}))).toEqual(['name', 'topic']);
    expect(names(askedFields(FIELDS, {}, { topic: 'order' }))).toEqual(['name', 'topic', 'order']);
  });

  test('leave out what the profile answers', () => {
    const known = knownAnswers({ name: 'Ada', fields: { topic: 'order' } });

    expect(names(askedFields(FIELDS, known, {}))).toEqual(['order']);
  });

  test.each([
    [{ type: 'text', required: true }, ' ', 'required'],
    [{ type: 'text' }, '', undefined],
    [{ type: 'checkbox', required: true }, '', 'required'],
    [{ type: 'checkbox', required: true }, 'true', undefined],
    [{ type: 'email' }, 'ada', 'invalid'],
    [{ type: 'email' }, 'ada@a.example', undefined],
    [{ type: 'choice', options: ['a'] }, 'b', 'invalid'],
    [{ type: 'text', pattern: '[0-9]+' }, '12a', 'invalid'],
    [{ type: 'text', pattern: 'a|b' }, 'ab', 'invalid'],
    [{ type: 'text', pattern: '[0-9]+' }, '12', undefined],
  ] as const)('%j answered with %j: %s', (field, value, problem) => {
    expect(fieldProblem({ name: 'x', label: 'X', ...field }, value)).toBe(problem);
  });

  test('make the profile, without empty answers', () => {
    const answers = { name: 'Ada', email: '', topic: 'order', consent: 'true', other: '' };

    const profile = profileWith({ language: 'en', fields: { plan: 'gold' } }, answers);

    expect(profile).toEqual({
      language: 'en',
      name: 'Ada',
      fields: { plan: 'gold', topic: 'order', consent: 'true' },
    });
  });
});
