/** Both stacks as `node bin/app.ts` makes them, with the limits of a deployment and without bundles. */
import { readFileSync } from 'node:fs';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as v from 'valibot';
import { ConfigSchema } from '#lib/config-schema';
import { deploymentOf } from '#lib/deployment';
import { FlexChannel } from '#lib/stacks/flex-channel';
import { FlexChannelState } from '#lib/stacks/flex-channel-state';
import { FlexChannelWidget } from '#lib/stacks/flex-channel-widget';

// biome-ignore lint/suspicious/noExplicitAny: templates are schemaless documents
export type Json = any;

export interface Templates {
  readonly state: Template;
  readonly channel: Template;
  /** Whether the deployment has CloudFormation refuse to delete the state stack. */
  readonly isStateProtected: boolean;
  readonly stacks: readonly Stack[];
}

/**
 * @param customers settings of that section that differ from the local ones.
 * @param operations settings of that section; the defaults stand for the others.
 * @param aws that section.
 * @param flex settings of that section that differ from the local ones; undefined takes one out.
 * @throws on a dependency cycle within a stack.
 */
export function synthesize(
  customers: object = {},
  operations: object = {},
  flex: object = {},
  aws: object = {},
): Templates {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  const { operations: _, ...local } = JSON.parse(readFileSync('config/local.json', 'utf8'));
  const config = v.parse(ConfigSchema, {
    ...local,
    customers: { ...local.customers, ...customers },
    flex: JSON.parse(JSON.stringify({ ...local.flex, ...flex })),
    operations,
    aws,
  });
  const deployment = deploymentOf(config);
  const state = new FlexChannelState(app, 'FlexChannelState', {
    ...deployment,
    isProtected: config.operations.protectState,
  });
  const channel = new FlexChannel(app, 'FlexChannel', { ...deployment, config, state });
  return {
    state: Template.fromStack(state),
    channel: Template.fromStack(channel),
    isStateProtected: state.terminationProtection,
    stacks: [state, channel],
  };
}

/** The stack that serves the widget, for a `widget.domain` or none. */
export function synthesizeWidget(domain?: object): Template {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  const local = JSON.parse(readFileSync('config/local.json', 'utf8'));
  const widget = { hosting: true, ...(domain && { domain }) };
  const config = v.parse(ConfigSchema, { ...local, widget });
  return Template.fromStack(new FlexChannelWidget(app, 'FlexChannelWidget', { config }));
}

/** Properties of all resources of a type, by logical id. */
export function propertiesOf(template: Template, type: string): Record<string, Json> {
  const found = Object.entries(template.findResources(type));
  return Object.fromEntries(found.map(([id, resource]) => [id, resource['Properties']]));
}
