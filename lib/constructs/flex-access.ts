import type { FlexSettings } from '#lambdas/contract/flex-settings';
import type { ChannelFunction } from './channel-function.ts';
import type { ChannelSecrets } from './channel-secrets.ts';

export interface FlexAccessProps {
  readonly settings: FlexSettings;
  readonly secrets: ChannelSecrets;
  /** Base of the addresses that functions register at Twilio, without a trailing slash. */
  readonly webhookUrl: string;
}

/** All that a function needs towards Flex. */
export class FlexAccess {
  private readonly props: FlexAccessProps;

  constructor(props: FlexAccessProps) {
    this.props = props;
  }

  /** Lets the function call Twilio, and tells it which account, back end and webhooks to use. */
  grantCalls(fn: ChannelFunction): void {
    const { settings, secrets, webhookUrl } = this.props;
    secrets.grantTwilioApiKey(fn);
    fn.tell('flex', settings);
    fn.tell('webhookUrl', webhookUrl);
  }
}
