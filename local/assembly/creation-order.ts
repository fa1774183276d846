import type { Template, TemplateValue } from './template.ts';

/**
 * What CloudFormation creates before a resource: all that it refers to or names in `DependsOn`,
 * and what these need in turn. Anything else may come earlier, later or at the same time.
 *
 * @returns logical ids of the same template.
 * Source: CloudFormation user guide, "DependsOn attribute".
 */
export function createdBefore(template: Template, logicalId: string): readonly string[] {
  const resources = template.Resources ?? {};
  const found = new Set<string>();
  const follow = (id: string): void => {
    const { DependsOn = [], Properties = {} } = resources[id] ?? {};
    for (const next of [DependsOn, ...referencesIn(Properties)].flat()) {
      if (found.has(next) || !Object.hasOwn(resources, next)) continue;
      found.add(next);
      follow(next);
    }
  };
  follow(logicalId);
  return [...found];
}

/** Logical ids, parameters and pseudo parameters that a value refers to. */
function referencesIn(value: TemplateValue): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isList(value)) return value.flatMap(referencesIn);
  return Object.entries(value).flatMap(([name, argument]) => {
    if (name === 'Ref') return [String(argument)];
    if (name === 'Fn::GetAtt') return [first(argument).replace(/\..*$/, '')];
    if (name === 'Fn::Sub') return [...variablesIn(first(argument)), ...referencesIn(argument)];
    return referencesIn(argument);
  });
}

/** Names in `${Name}` and `${Name.Attribute}`; `${!literal}` is none. */
const variablesIn = (text: string): string[] =>
  [...text.matchAll(/\$\{([^!}.][^}.]*)/g)].map(([, name]) => name ?? '');

/** Both functions take a text, or a list that begins with one. */
const first = (argument: TemplateValue): string =>
  String(isList(argument) ? argument[0] : argument);

const isList = (value: TemplateValue): value is readonly TemplateValue[] => Array.isArray(value);
