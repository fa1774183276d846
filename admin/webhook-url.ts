/** Under which address Twilio reaches the deployed webhook API. */
import { type Options, UsageError, type Values } from './command.ts';
import { OUTPUTS_OPTION, readOutputs } from './stack-outputs.ts';

export const WEBHOOK_OPTIONS = {
  'webhook-url': {
    type: 'string',
    value: 'url',
    about: 'WebhookUrl of the deployed stack; default: operations.webhookUrl',
  },
  ...OUTPUTS_OPTION,
} as const satisfies Options;

/**
 * The first of `--webhook-url`, the configured `operations.webhookUrl` and the stack's output.
 * @throws UsageError when an address or the file of outputs can't be used.
 */
export function readWebhookUrl(
  values: Values<typeof WEBHOOK_OPTIONS>,
  stage: string,
  configured: string | undefined,
): string | undefined {
  const given = values['webhook-url'];
  if (given !== undefined && !/^https?:\/\/[^?#]+[^/?#]$/.test(given)) {
    throw new UsageError(`--webhook-url: ${given} is no address without query and trailing slash.`);
  }
  const { WebhookUrl } = readOutputs(values, stage);
  return given ?? configured ?? WebhookUrl;
}
