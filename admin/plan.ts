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
    const step = resource.isNeeded(setup.config) ? await stepFor(setup, resource) : undefined;
    steps.push(...(step === undefined ? [] : [step]));
    steps.push(...(await leftovers(setup, resource, step)));
  }
  return steps;
}

export const isWrite = ({ action, fields }: Step): boolean =>
  action === 'create' || action === 'update' || Object.keys(fields).length > 0;

async function stepFor(setup: Setup, resource: Resource): Promise<Step> {
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

/**
 * What an earlier configuration has left.
 * @param step what the present one uses.
 */
async function leftovers(setup: Setup, resource: Resource, step?: Step): Promise<Step[]> {
  const ours = await explained(resource.name, () => oursOrNone(setup, resource));
  return ours
    .filter(({ id }) => id !== step?.found?.id)
    .map((found) => ({
      resource,
      found,
      action: 'unused',
      detail: [found.detail, found.edited, 'not used by this configuration']
        .filter((each) => each !== undefined)
        .join('; '),
      fields: {},
    }));
}

/** A product that the account no longer has can't be asked, and has nothing of ours. */
async function oursOrNone(setup: Setup, resource: Resource): Promise<readonly Found[]> {
  try {
    return await resource.findOurs(setup);
  } catch (error) {
    if (isProductGone(error)) return [];
    throw error;
  }
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
