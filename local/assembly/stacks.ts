import type { Resource } from './assembly.ts';
import { createdBefore } from './creation-order.ts';
import { resolve, type Scope } from './intrinsics.ts';
import { fail, ResolutionError } from './resolution-error.ts';
import { RESOURCE_TYPES, type ResourceIdentity } from './resource-types.ts';
import type { Template, TemplateResource } from './template.ts';

/** The templates of an assembly and the references in and between them. */
export class Stacks {
  readonly #templates: ReadonlyMap<string, Template>;
  readonly #identities = new Map<string, ResourceIdentity>();
  /** What is being resolved at the moment: finding it there again means a circle. */
  readonly #open = new Set<string>();

  constructor(templates: ReadonlyMap<string, Template>) {
    this.#templates = templates;
  }

  /** @throws Error listing every resource whose type is not in the table. */
  refuseUnknownTypes(): void {
    const unknown = this.#existing()
      .filter(({ resource }) => !Object.hasOwn(RESOURCE_TYPES, resource.Type))
      .map(({ stack, logicalId, resource }) => `  ${stack}/${logicalId} (${resource.Type})`);
    if (unknown.length > 0) {
      throw new Error(`The local stack does not know these resources:\n${unknown.join('\n')}`);
    }
  }

  resources(): Resource[] {
    return this.#existing().map(({ stack, logicalId, resource }) => ({
      stack,
      logicalId,
      type: resource.Type,
      properties: this.#resolve(
        stack,
        logicalId,
        resource.Properties ?? {},
      ) as Resource['properties'],
      physicalId: this.#identify(stack, logicalId).ref,
      createdAfter: createdBefore(this.#template(stack), logicalId),
    }));
  }

  /** @throws Error when two stacks give different values to one output. */
  outputs(): Record<string, string> {
    const outputs: Record<string, string> = {};
    for (const [stack, template] of this.#templates) {
      for (const [name, { Condition }] of Object.entries(template.Outputs ?? {})) {
        if (Condition !== undefined && !this.#holds(stack, Condition)) continue;
        const value = String(this.#output(stack, name));
        if ((outputs[name] ?? value) !== value)
          throw new Error(`Two stacks have an output ${name}`);
        outputs[name] = value;
      }
    }
    return outputs;
  }

  #existing(): { stack: string; logicalId: string; resource: TemplateResource }[] {
    return [...this.#templates].flatMap(([stack, template]) =>
      Object.entries(template.Resources ?? {})
        .filter(([, { Condition }]) => Condition === undefined || this.#holds(stack, Condition))
        .map(([logicalId, resource]) => ({ stack, logicalId, resource })),
    );
  }

  #resolve(stack: string, place: string, value: unknown): unknown {
    const key = `${stack}/${place}`;
    if (this.#open.has(key)) fail(`${key} refers to itself`);
    this.#open.add(key);
    try {
      return resolve(value, this.#scope(stack));
    } catch (error) {
      throw ResolutionError.at('place', key, error);
    } finally {
      this.#open.delete(key);
    }
  }

  #scope(stack: string): Scope {
    return {
      reference: (name) => this.#reference(stack, name),
      attribute: (logicalId, attribute) =>
        this.#identify(stack, logicalId).attributes?.[attribute] ??
        fail(`${logicalId} has no attribute ${attribute}`),
      importedValue: (name) => this.#imported(name),
      outputOf: (name, output) => this.#output(name, output),
      condition: (name) => this.#holds(stack, name),
    };
  }

  #reference(stack: string, name: string): unknown {
    const parameter = this.#template(stack).Parameters?.[name];
    if (parameter === undefined) return this.#identify(stack, name).ref;
    // The default of an SSM parameter is a path, not the value.
    if (parameter.Type.startsWith('AWS::SSM::')) fail(`parameter ${name} lies in SSM`);
    return parameter.Default ?? fail(`parameter ${name} has no default`);
  }

  #identify(stack: string, logicalId: string): ResourceIdentity {
    const key = `${stack}/${logicalId}`;
    const resource =
      this.#template(stack).Resources?.[logicalId] ?? fail(`${logicalId} is unknown`);
    const type = RESOURCE_TYPES[resource.Type] ?? fail(`${resource.Type} is not supported`);
    const identity =
      this.#identities.get(key) ??
      type.identify({
        stack,
        logicalId,
        property: (name) =>
          this.#resolve(stack, `${logicalId}.${name}`, resource.Properties?.[name]),
      });
    this.#identities.set(key, identity);
    return identity;
  }

  #output(stack: string, name: string): unknown {
    const output = this.#template(stack).Outputs?.[name] ?? fail(`${stack} has no output ${name}`);
    return this.#resolve(stack, `Outputs.${name}`, output.Value);
  }

  #imported(name: string): unknown {
    for (const [stack, template] of this.#templates) {
      for (const [output, { Export }] of Object.entries(template.Outputs ?? {})) {
        if (Export === undefined) continue;
        const exported = this.#resolve(stack, `Outputs.${output}.Export`, Export.Name);
        if (exported === name) return this.#output(stack, output);
      }
    }
    return fail(`no stack exports ${name}`);
  }

  #holds(stack: string, condition: string): boolean {
    const rule = this.#template(stack).Conditions?.[condition];
    if (rule === undefined) fail(`condition ${condition} is unknown`);
    return this.#resolve(stack, `Conditions.${condition}`, rule) === true;
  }

  #template(stack: string): Template {
    return this.#templates.get(stack) ?? fail(`stack ${stack} is not in the assembly`);
  }
}
