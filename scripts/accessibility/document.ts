/** docs/accessibility.md as text. Pure. */
import { CRITERIA, type Criterion, TESTS, type TestKey } from './criteria.ts';

/** @param axe its version. */
export function accessibilityDocument(axe: string): string {
  const keys = Object.keys(TESTS) as TestKey[];
  const row = ({ id, name, level, how, tests, applies }: Criterion) => {
    const verdict = applies ? 'met' : 'does not apply';
    const evidence = tests.map((key) => keys.indexOf(key) + 1).join(', ');
    return `| ${id} ${name} | ${level} | ${verdict} | ${how} | ${evidence || (applies ? 'code' : '')} |`;
  };
  return `# Accessibility of the widget

Written by \`npm run accessibility\`, which runs the tests below in a browser and stops if one of them fails. Don't edit.

\`<flex-chat>\` meets WCAG 2.2, levels A and AA, as far as tests and reading the code can tell. axe-core ${axe} finds nothing in any
of its states (closed, questions, errors, chatting, a failed message, offline, confirmation, ended, rated) in both themes and both
directions. It has not been tried by people who use assistive technology. A page that brings its own colours, icons or texts
answers for them.

| criterion | level | verdict | how | evidence |
| --- | --- | --- | --- | --- |
${CRITERIA.map(row).join('\n')}

Evidence is the number of a test, or "code" where it was read there.

| test | name |
| --- | --- |
${keys.map((key, at) => `| ${at + 1} | [${TESTS[key][1].replace(': %s, %s', '')}](../${TESTS[key][0]}) |`).join('\n')}
`;
}
