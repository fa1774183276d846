/** What there is to do for a stage, before anything is done. */
import type { Fields } from './config-file.ts';
import { explained } from './failures/describe.ts';
import { RESOURCES } from './resources/all.ts';
import type { Found, Plan, Resource, Setup } from './resources/resource.ts';
import { isProductGone } from './twilio/client.ts';
import { OpenChoiceError } from './twilio/task-router.ts';

export interface Step {
  readonly resource: Resource;
  readonly found?: Found | undefined;
  /** `skip`: not possible yet. `unused`: made by an earlier configuration. */
  readonly action: Plan['action'] | 'skip' | 'unused';
  readonly detail: string;
  readonly cure?: string;
  /** Fields of the configuration that don't hold the id yet. */
  readonly fields: Fields;
}

/** Looks at every resource in the account; changes nothing. */
export async function planSteps(
  setup: Setup,
  progress: (line: string) => void = () => {},
): Promise<Step[]> {
  const steps: Step[] = [];
  for (const resource of RESOURCES) {
    progress(`Looking at: ${resource.name}`);
    const step = await stepFor(setup, resource);
    if (step !== undefined) steps.push(step);
  }
  return steps;
}

export const isWrite = ({ action, fields }: Step): boolean =>
  action === 'create' || action === 'update' || Object.keys(fields).length > 0;

async function stepFor(setup: Setup, resource: Resource): Promise<Step | undefined> {
  if (!resource.isNeeded(setup.config)) return leftover(setup, resource);
  const find = () => resource.find(setup);
  const found = await explained(resource.name, find);
  const fields = found?.isOurs ? missingFields(setup, resource, found.id) : {};
  if (resource.needsWebhookUrl && setup.webhookUrl === undefined) {
    const detail = 'there is no WebhookUrl yet: deploy, then run provision again';
    return { resource, found, action: 'skip', detail, fields: {} };
  }
  try {
    const plan = () => resource.plan(setup, found);
    return { resource, found, fields, ...(await explained(resource.name, plan)) };
  } catch (error) {
    if (!(error instanceof OpenChoiceError)) throw error;
    const { detail, cure } = error;
    return { resource, found, fields: {}, action: 'conflict', detail, cure };
  }
}

/** A product that the account no longer has can't be asked, and has nothing of ours. */
async function leftover(setup: Setup, resource: Resource): Promise<Step | undefined> {
  const find = () =>
    resource.find(setup).catch((error: unknown) => {
      if (isProductGone(error)) return undefined;
      throw error;
    });
  const found = await explained(resource.name, find);
  if (!found?.isOurs) return undefined;
  const detail = `${found.detail}; not used by this configuration`;
  return { resource, found, action: 'unused', detail, fields: {} };
}

function missingFields(setup: Setup, resource: Resource, id: string): Fields {
  const wanted = Object.entries(resource.fields(setup.config, id));
  return Object.fromEntries(
    wanted.filter(([path, value]) => fieldOf(setup.config, path) !== value),
  );
}

/** The value at a dotted path. */
export const fieldOf = (config: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (parent, key) => (parent as Record<string, unknown> | undefined)?.[key],
      config,
    );
