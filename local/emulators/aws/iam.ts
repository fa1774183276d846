/**
 * Decides what a role may do. It denies whatever it does not understand, so that a policy that
 * works here is no wider on AWS than it looks.
 * Source: IAM user guide, "Policy evaluation logic".
 */
import type { AwsPermission } from './aws-service.ts';

/** One statement of an identity policy. */
export type Statement = Readonly<Record<string, unknown>>;

/** Without conditions, principals and negations: those are not understood. */
const UNDERSTOOD = new Set(['Sid', 'Effect', 'Action', 'Resource']);

/** @returns whether the statements allow the action; an explicit deny wins. */
export function isAllowed(statements: readonly Statement[], permission: AwsPermission): boolean {
  const denied = statements.some((statement) => denies(statement, permission));
  return !denied && statements.some((statement) => allows(statement, permission));
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
    patterns(statement['Action']).some((pattern) => matches(pattern, action, 'i')) &&
    patterns(statement['Resource']).some((pattern) => matches(pattern, resource, ''))
  );
}

function patterns(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');
}

/** `*` stands for any characters, `?` for one. Actions ignore case, resources do not. */
function matches(pattern: string, text: string, flags: 'i' | ''): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^]*')
    .replaceAll('?', '[^]');
  return new RegExp(`^${expression}$`, flags).test(text);
}
