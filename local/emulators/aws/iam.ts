/**
 * Decides what a policy lets a caller do. It denies whatever it does not understand, so that a policy that
 * works here is no wider on AWS than it looks.
 * Source: IAM user guide, "Policy evaluation logic".
 */
import type { AwsPermission } from './aws-service.ts';

/** One statement of an identity policy. */
export type Statement = Readonly<Record<string, unknown>>;

/** Without conditions, principals and negations: those are not understood. */
const UNDERSTOOD = new Set(['Sid', 'Effect', 'Action', 'Resource']);

export type Verdict = 'allowed' | 'denied' | 'explicitly-denied';

/** A statement that denies outweighs every one that allows; without either the action is denied. */
export function evaluate(statements: readonly Statement[], permission: AwsPermission): Verdict {
  if (statements.some((statement) => denies(statement, permission))) return 'explicitly-denied';
  return statements.some((statement) => allows(statement, permission)) ? 'allowed' : 'denied';
}

export function isAllowed(statements: readonly Statement[], permission: AwsPermission): boolean {
  return evaluate(statements, permission) === 'allowed';
}

function allows(statement: Statement, permission: AwsPermission): boolean {
  return (
    statement['Effect'] === 'Allow' && isUnderstood(statement) && covers(statement, permission)
  );
}

/** A deny that is not understood denies everything. */
function denies(statement: Statement, permission: AwsPermission): boolean {
  if (statement['Effect'] === 'Allow') return false;
  return (
    statement['Effect'] !== 'Deny' || !isUnderstood(statement) || covers(statement, permission)
  );
}

function isUnderstood(statement: Statement): boolean {
  return Object.keys(statement).every((key) => UNDERSTOOD.has(key));
}

function covers(statement: Statement, { action, resource }: AwsPermission): boolean {
  return (
    patterns(statement['Action']).some((pattern) =>
      matchesGlob(pattern.toLowerCase(), action.toLowerCase()),
    ) && patterns(statement['Resource']).some((pattern) => matchesGlob(pattern, resource))
  );
}

function patterns(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');
}

/** `*` stands for any text, `?` for one character. Actions ignore case, resources do not. */
export function matchesGlob(pattern: string, text: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(text);
}
