/** Reads a cloud assembly (`cdk.out`) into resources with all references resolved. */
import path from 'node:path';
import type { Assembly } from './assembly.ts';
import { readJson, readManifest } from './manifest.ts';
import { Stacks } from './stacks.ts';
import type { Template } from './template.ts';

/**
 * Reads every stack of the assembly.
 *
 * @param directory output of a synthesis, `cdk.out`.
 * @throws Error naming stack, logical id and function for anything that is not understood,
 *   and all resources of unknown types at once.
 */
export function readAssembly(directory: string): Assembly {
  const stacks = new Stacks(readTemplates(directory));
  stacks.refuseUnknownTypes();
  return { resources: stacks.resources(), outputs: stacks.outputs() };
}

function readTemplates(directory: string): Map<string, Template> {
  const templates = new Map<string, Template>();
  for (const [id, { type, properties }] of Object.entries(readManifest(directory))) {
    if (type === 'cdk:cloud-assembly')
      throw new Error(`${id}: nested assemblies are not supported`);
    if (type !== 'aws:cloudformation:stack') continue;
    const name = String(properties?.['stackName'] ?? id);
    templates.set(name, readJson(path.join(directory, String(properties?.['templateFile']))));
  }
  if (templates.size === 0) throw new Error(`${directory} holds no stack`);
  return templates;
}
