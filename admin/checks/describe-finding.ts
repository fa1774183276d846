import type { Finding } from './check.ts';

/** Where to look, what is wrong there, and what to do. */
export function describeFinding({
  severity,
  field,
  value,
  problem,
  expected,
  cure,
}: Finding): string[] {
  const shown = value === undefined ? '' : ` = ${value}`;
  return [
    `${severity}: ${field}${shown}`,
    `  problem:  ${problem}`,
    ...(expected === undefined ? [] : [`  expected: ${expected}`]),
    `  cure:     ${cure}`,
    '',
  ];
}
