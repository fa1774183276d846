import type { FormField } from '#client/widget/config';
import { formProblem } from '#client/widget/panel/form/check-form';

const A = { name: 'a', label: 'A', type: 'text' } as const;

describe('the questions that a page configures', () => {
  test('may be of every type and depend on those before them', () => {
    const fields: readonly FormField[] = [
      A,
      { name: 'b', label: 'B', type: 'choice', options: ['x', 'y'] },
      { name: 'c', label: 'C', type: 'email', pattern: '.+', when: { field: 'b', is: 'x' } },
    ];

    expect(formProblem(fields)).toBeUndefined();
  });

  test.each([
    [{ ...A, type: 'colour' }, /^\[0\] "a" needs a type: text/],
    [{ ...A, label: '' }, /"a" needs a label/],
    [{ ...A, name: '' }, /needs a name/],
    [{ ...A, type: 'choice' }, /"a" needs options/],
    [{ ...A, pattern: '(' }, /"a" has a wrong pattern/],
    [{ ...A, when: { field: 'b', is: 'x' } }, /depends on "b", which is not before it/],
    [null, /^\[0\] must be a field/],
  ])('%j is refused by place and cure', (field, message) => {
    expect(formProblem([field as FormField])).toMatch(message);
  });

  test('have each name once', () => {
    expect(formProblem([A, A])).toBe('[1] "a" is there twice');
  });
});
