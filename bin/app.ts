/** The CDK app. `-c stage=<name>` deploys what config/<name>.json says. */
import { readFileSync } from 'node:fs';
import { App, Validations } from 'aws-cdk-lib';
import { PATH_METADATA_ENABLE_CONTEXT } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ConfigError, loadConfig } from '../lib/config.ts';
import { deploymentOf } from '../lib/deployment.ts';
import { FlexChannel } from '../lib/stacks/flex-channel.ts';
import { FlexChannelState } from '../lib/stacks/flex-channel-state.ts';
import { FlexChannelWidget } from '../lib/stacks/flex-channel-widget.ts';

function main(): void {
  // The CDK command line passes its own values, which win; a direct run has these, and makes the same templates.
  const { context } = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8'));
  const app = new App({
    context: { ...context, [PATH_METADATA_ENABLE_CONTEXT]: true },
    analyticsReporting: false,
  });
  const { stage, config } = loadConfig((key) => app.node.tryGetContext(key));
  // Several stages may share an account; the local stack has its own and keeps short names.
  const named = (id: string) => ({
    ...deploymentOf(config),
    stackName: stage === 'local' ? id : `${stage}-${id}`,
  });
  const state = new FlexChannelState(app, 'FlexChannelState', {
    ...named('FlexChannelState'),
    isProtected: config.operations.protectState,
  });
  new FlexChannel(app, 'FlexChannel', { ...named('FlexChannel'), config, state });
  if (config.widget.hosting) {
    new FlexChannelWidget(app, 'FlexChannelWidget', { ...named('FlexChannelWidget'), config });
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
}

try {
  main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
