/** Who calls AWS in the local stack: each function under its own access key and role, and the operator. */
import { randomBytes } from 'node:crypto';
import { type Assembly, type Resource, resourcesOf } from '../../assembly/assembly.ts';
import type { Statement } from './iam.ts';

/** A function or a person as AWS's services see it. */
export interface Caller {
  /** A function's name, or what a person is. */
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** What it may do, by its role or its own policy. */
  readonly statements: readonly Statement[];
}

/** Managed policies whose effect is known here: writing logs is no call in the local stack. */
const HARMLESS_POLICIES = new Set([
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
]);

/**
 * Gives every function of the assembly a fresh access key.
 * @throws Error when a role is missing or has a managed policy that is not known.
 */
export function createCallers(assembly: Assembly): Caller[] {
  return resourcesOf(assembly, 'AWS::Lambda::Function').map((fn) =>
    createCaller(fn.physicalId, statementsOf(assembly, roleOf(assembly, fn))),
  );
}

/** With a fresh access key. */
export function createCaller(name: string, statements: readonly Statement[]): Caller {
  return {
    name,
    accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    statements,
  };
}

function roleOf(assembly: Assembly, fn: Resource): Resource {
  const arn = String(fn.properties['Role']);
  const role = resourcesOf(assembly, 'AWS::IAM::Role').find(({ physicalId }) =>
    arn.endsWith(`:role/${physicalId}`),
  );
  if (role === undefined) throw new Error(`${fn.logicalId}: no role ${arn} in the assembly`);
  return role;
}

function statementsOf(assembly: Assembly, role: Resource): Statement[] {
  const managed: string[] = role.properties['ManagedPolicyArns'] ?? [];
  const unknown = managed.find((arn) => !HARMLESS_POLICIES.has(arn));
  if (unknown !== undefined) throw new Error(`${role.logicalId}: managed policy ${unknown}`);
  const inline: { PolicyDocument: unknown }[] = role.properties['Policies'] ?? [];
  const attached = resourcesOf(assembly, 'AWS::IAM::Policy')
    .map(({ properties }) => properties)
    .filter(({ Roles = [] }) => Roles.includes(role.physicalId));
  return [...inline, ...attached].flatMap(({ PolicyDocument }) => statementsIn(PolicyDocument));
}

/** A document's `Statement` is a list or a single one. */
function statementsIn(document: unknown): Statement[] {
  const { Statement } = document as { Statement: Statement | Statement[] };
  return Array.isArray(Statement) ? Statement : [Statement];
}
