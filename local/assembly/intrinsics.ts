/** Resolves CloudFormation's intrinsic functions. Anything unknown is an error that names its place. */
import { LOCAL_ACCOUNT, LOCAL_REGION } from './assembly.ts';
import { fail, ResolutionError } from './resolution-error.ts';
import type { TemplateValue } from './template.ts';

/** What the functions of one template may refer to. */
export interface Scope {
  /** `Ref` to a resource or parameter. */
  reference(logicalId: string): unknown;
  attribute(logicalId: string, attribute: string): string;
  importedValue(name: string): unknown;
  outputOf(stack: string, output: string): unknown;
  /** Whether the named condition holds. */
  condition(name: string): boolean;
}

/** Stands for `AWS::NoValue`: the property that holds it does not exist. */
const NO_VALUE = Symbol('AWS::NoValue');

const PSEUDO_PARAMETERS: Readonly<Record<string, string | symbol>> = {
  'AWS::AccountId': LOCAL_ACCOUNT,
  'AWS::NoValue': NO_VALUE,
  'AWS::Partition': 'aws',
  'AWS::Region': LOCAL_REGION,
  'AWS::URLSuffix': 'amazonaws.com',
};

type Intrinsic = (argument: TemplateValue, scope: Scope) => unknown;

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, scope) => reference(text(name), scope),
  'Fn::GetAtt': (argument, scope) => {
    const [logicalId, attribute] = typeof argument === 'string' ? dotted(argument) : list(argument);
    return scope.attribute(text(logicalId), text(resolve(attribute as TemplateValue, scope)));
  },
  'Fn::Join': (argument, scope) => {
    const [delimiter, parts] = list(argument);
    return list(resolve(parts as TemplateValue, scope))
      .map(text)
      .join(text(delimiter));
  },
  'Fn::Sub': (argument, scope) => substitute(argument, scope),
  'Fn::Select': (argument, scope) => {
    const [index, values] = list(resolve(argument, scope));
    return list(values)[Number(index)] ?? fail(`has no element ${text(index)}`);
  },
  'Fn::Split': (argument, scope) => {
    const [delimiter, whole] = list(resolve(argument, scope));
    return text(whole).split(text(delimiter));
  },
  'Fn::ImportValue': (name, scope) => scope.importedValue(text(resolve(name, scope))),
  'Fn::GetStackOutput': (argument, scope) => stackOutput(argument, scope),
  'Fn::If': (argument, scope) => {
    const [condition, whenTrue, whenFalse] = list(argument);
    const chosen = scope.condition(text(condition)) ? whenTrue : whenFalse;
    return resolve(chosen as TemplateValue, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = list(resolve(argument, scope));
    return left === right;
  },
  'Fn::And': (argument, scope) => list(resolve(argument, scope)).every((value) => value === true),
  'Fn::Or': (argument, scope) => list(resolve(argument, scope)).some((value) => value === true),
  'Fn::Not': (argument, scope) => list(resolve(argument, scope))[0] !== true,
  Condition: (name, scope) => scope.condition(text(name)),
};

/**
 * @returns the value without intrinsic functions.
 * @throws Error naming the function that cannot be resolved.
 */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolve(item, scope)).filter((item) => item !== NO_VALUE);
  }
  if (typeof value !== 'object' || value === null) return value;
  const name = intrinsicIn(value);
  if (name === undefined) return resolveEntries(value, scope);
  const intrinsic = INTRINSICS[name] ?? fail(`${name} is not supported`);
  return withPlace(name, () =>
    intrinsic((value as Record<string, TemplateValue>)[name] as TemplateValue, scope),
  );
}

/** `{ "Ref": … }`, `{ "Fn::…": … }` and `{ "Condition": "name" }` alone in their object are functions. */
function intrinsicIn(value: object): string | undefined {
  const [name, ...others] = Object.keys(value);
  if (name === undefined || others.length > 0) return undefined;
  if (name === 'Condition') {
    return typeof (value as { Condition: unknown }).Condition === 'string' ? name : undefined;
  }
  return name === 'Ref' || name.startsWith('Fn::') ? name : undefined;
}

function resolveEntries(value: object, scope: Scope): Record<string, unknown> {
  const entries = Object.entries(value).map(([key, item]) => [key, resolve(item, scope)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== NO_VALUE));
}

function reference(name: string, scope: Scope): unknown {
  return PSEUDO_PARAMETERS[name] ?? scope.reference(name);
}

/** `"${A} and ${B.Arn}"`, or `["…", { A: value }]`; `${!literal}` stands for itself without the mark. */
function substitute(argument: TemplateValue, scope: Scope): string {
  const [template, variables] = typeof argument === 'string' ? [argument, {}] : list(argument);
  const values = resolve(variables ?? {}, scope) as Record<string, unknown>;
  return text(template).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal !== '') return `\${${name}}`;
    if (name in values) return text(values[name]);
    if (!name.includes('.')) return text(reference(name, scope));
    const [logicalId, attribute] = dotted(name);
    return scope.attribute(logicalId, attribute);
  });
}

/** CDK's reference between stacks without an export. */
function stackOutput(argument: TemplateValue, scope: Scope): unknown {
  const { StackName, OutputName, Region, ...others } = resolve(argument, scope) as Record<
    string,
    unknown
  >;
  if (Region !== undefined && Region !== LOCAL_REGION) fail(`crosses into region ${text(Region)}`);
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) fail(`has the unknown argument ${unknown}`);
  return scope.outputOf(text(StackName), text(OutputName));
}

function dotted(path: string): [string, string] {
  const dot = path.indexOf('.');
  return [path.slice(0, dot), path.slice(dot + 1)];
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : fail(`needs a list, not ${JSON.stringify(value)}`);
}

function text(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return fail(`needs a text, not ${JSON.stringify(value)}`);
}

function withPlace<T>(name: string, resolveIt: () => T): T {
  try {
    return resolveIt();
  } catch (error) {
    throw ResolutionError.at('function', name, error);
  }
}
