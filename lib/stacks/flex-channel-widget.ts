import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../config-schema.ts';
import { WidgetCdn } from '../constructs/widget-cdn.ts';
import { LOADER, WidgetFiles } from '../constructs/widget-files.ts';

export interface FlexChannelWidgetProps extends StackProps {
  readonly config: Config;
}

/**
 * Serves the widget to websites, where `widget.hosting` asks for it. It knows nothing of the other
 * stacks, and may be deleted and deployed again: the pages' chats go on when their script is back.
 */
export class FlexChannelWidget extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: FlexChannelWidgetProps) {
    super(scope, id, props);
    const files = new WidgetFiles(this, 'Files', config.operations.logRetentionDays);
    const cdn = new WidgetCdn(this, 'Cdn', files.bucket, config.widget.domain);
    new CfnOutput(this, 'WidgetScriptUrl', { value: `${cdn.url}/${LOADER}` });
  }
}
