/** What the local stack knows of the deployment: the synthesized templates, every intrinsic function resolved. */

/** The account and region that the local stack plays. */
export const LOCAL_ACCOUNT = '000000000000';
export const LOCAL_REGION = 'us-east-1';

/** One resource of a template. */
export interface Resource {
  readonly stack: string;
  readonly logicalId: string;
  /** Such as `AWS::Lambda::Function`. */
  readonly type: string;
  /** As CloudFormation would hand them to the service: `Ref`, `Fn::GetAtt`, `Fn::Join` … are gone. */
  // biome-ignore lint/suspicious/noExplicitAny: each emulator reads its own slice of a schemaless document
  readonly properties: Readonly<Record<string, any>>;
  /** What `Ref` gives. */
  readonly physicalId: string;
  /** Logical ids in the same stack that CloudFormation creates first. */
  readonly createdAfter: readonly string[];
}

/** All stacks of one cloud assembly. */
export interface Assembly {
  readonly resources: readonly Resource[];
  /** Outputs of all stacks by name. */
  readonly outputs: Readonly<Record<string, string>>;
}

export function resourcesOf(assembly: Assembly, type: string): Resource[] {
  return assembly.resources.filter((resource) => resource.type === type);
}

/** @throws Error when no stack has an output of this name. */
export function outputOf(assembly: Assembly, name: string): string {
  const value = assembly.outputs[name];
  if (value === undefined) throw new Error(`The stacks have no output ${name}`);
  return value;
}
