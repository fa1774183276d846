/** Under which address Twilio reaches the deployed webhook API. */
import { existsSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { type Option, textOf, UsageError, type Values } from './command.ts';

export const WEBHOOK_OPTIONS = {
  'webhook-url': {
    type: 'string',
    value: 'url',
    about: 'WebhookUrl of the deployed stack; default: operations.webhookUrl',
  },
  outputs: {
    type: 'string',
    value: 'file',
    about: 'what cdk deploy --outputs-file wrote, to take WebhookUrl from',
  },
} as const satisfies Record<string, Option>;

const OutputsSchema = v.record(v.string(), v.unknown());

/**
 * The first of `--webhook-url`, the configured `operations.webhookUrl` and the stack's output.
 * @throws UsageError when an address or the file of outputs can't be used.
 */
export function readWebhookUrl(
  values: Values,
  stage: string,
  configured: string | undefined,
): string | undefined {
  const given = textOf(values, 'webhook-url');
  if (given !== undefined && !/^https?:\/\/[^?#]+[^/?#]$/.test(given)) {
    throw new UsageError(`--webhook-url: ${given} is no address without query and trailing slash.`);
  }
  return given ?? configured ?? readOutputs(textOf(values, 'outputs'), stage)['WebhookUrl'];
}

/**
 * Outputs of a stage's stacks by name. Takes the form that `cdk deploy --outputs-file` writes,
 * by stack, as well as the flat form of the local stack.
 */
export function readOutputs(
  file: string | undefined,
  stage: string,
): Readonly<Record<string, string | undefined>> {
  if (file === undefined) return {};
  const parsed = v.safeParse(OutputsSchema, parse(file));
  if (!parsed.success) throw new UsageError(`--outputs: ${file} holds no outputs.`);
  const ofStage = Object.entries(parsed.output).flatMap(([name, value]) => {
    if (typeof value === 'string') return [[name, value]];
    return isStackOf(stage, name) ? Object.entries(value ?? {}) : [];
  });
  return Object.fromEntries(ofStage.filter(([, value]) => typeof value === 'string'));
}

const isStackOf = (stage: string, name: string): boolean =>
  ['FlexChannel', 'FlexChannelState'].some(
    (stack) => name === (stage === 'local' ? stack : `${stage}-${stack}`),
  );

function parse(file: string): unknown {
  if (!existsSync(file)) throw new UsageError(`--outputs: ${file} does not exist.`);
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`--outputs: ${file} is not JSON.`, { cause: error });
  }
}
