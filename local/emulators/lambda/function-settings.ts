import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Assembly, type Resource, resourcesOf } from '../../assembly/assembly.ts';
import { arn } from '../../assembly/physical-ids.ts';
import type { HandlerLocation } from './messages.ts';
import { checkEnvironment } from './own-variables.ts';

/** One function as the template describes it. */
export interface FunctionSettings {
  readonly name: string;
  readonly arn: string;
  /** Such as `nodejs24.x`. */
  readonly runtime: string;
  readonly handler: HandlerLocation;
  /** As in the template, with AWS's addresses. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly logGroup: string;
  readonly reservedConcurrency?: number;
}

/** The last line has what makes no difference here. */
const KNOWN_PROPERTIES = new Set([
  ...['Code', 'Environment', 'FunctionName', 'Handler', 'LoggingConfig', 'MemorySize'],
  ...['ReservedConcurrentExecutions', 'Role', 'Runtime', 'Timeout'],
  ...['Architectures', 'Description', 'RecursiveLoop', 'Tags', 'TracingConfig'],
]);

/**
 * Reads every function of the assembly.
 * @param assets directory of each bundle, by object key.
 * @throws Error naming the function and what it asks for beyond this runner.
 */
export function readFunctions(
  assembly: Assembly,
  assets: ReadonlyMap<string, string>,
): FunctionSettings[] {
  return resourcesOf(assembly, 'AWS::Lambda::Function').map((resource) => ({
    ...readSettings(resource),
    handler: locateHandler(resource, assets),
  }));
}

function readSettings(resource: Resource): Omit<FunctionSettings, 'handler'> {
  const { properties, physicalId: name } = resource;
  refuseUnknown(resource);
  const reserved = properties['ReservedConcurrentExecutions'];
  const environment: Record<string, string> = properties['Environment']?.Variables ?? {};
  try {
    checkEnvironment(environment);
  } catch (error) {
    throw new Error(`${resource.logicalId}: ${(error as Error).message}`, { cause: error });
  }
  return {
    name,
    runtime: String(properties['Runtime']),
    arn: arn('lambda', `function:${name}`),
    environment,
    // The defaults are Lambda's own.
    timeoutMs: (properties['Timeout'] ?? 3) * 1000,
    memoryMb: properties['MemorySize'] ?? 128,
    logGroup: properties['LoggingConfig']?.LogGroup ?? `/aws/lambda/${name}`,
    ...(reserved === undefined ? {} : { reservedConcurrency: reserved }),
  };
}

function refuseUnknown({ logicalId, properties }: Resource): void {
  const unknown = Object.keys(properties).find((name) => !KNOWN_PROPERTIES.has(name));
  if (unknown !== undefined) throw new Error(`${logicalId}: ${unknown} is not supported`);
  const runtime = String(properties['Runtime']);
  if (!/^nodejs\d+\.x$/.test(runtime)) throw new Error(`${logicalId}: runtime ${runtime}`);
}

/**
 * `index.handler` is the export `handler` of `index.mjs` in the bundle. An `index.js` is refused:
 * how Node reads it depends on a package.json further up, which Lambda does not have.
 */
function locateHandler(
  { logicalId, properties }: Resource,
  assets: ReadonlyMap<string, string>,
): HandlerLocation {
  const directory = assets.get(properties['Code']?.S3Key);
  if (directory === undefined)
    throw new Error(`${logicalId}: its code is no asset of the assembly`);
  const [module = '', name = ''] = String(properties['Handler']).split('.');
  const file = path.join(directory, `${module}.mjs`);
  if (!existsSync(file)) throw new Error(`${logicalId}: no ${module}.mjs in ${directory}`);
  return { file, name };
}
