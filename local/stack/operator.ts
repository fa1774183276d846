/** Who runs `flex-channel` against the local stack, as an operator would against AWS. */
import { writeFileSync } from 'node:fs';
import { type Assembly, LOCAL_REGION, outputOf } from '../assembly/assembly.ts';
import { arn } from '../assembly/physical-ids.ts';
import { type PublicEndpoints, rewriteEndpoints } from '../assembly/public-endpoints.ts';
import { type Caller, createCaller } from '../emulators/aws/callers.ts';
import type { Statement } from '../emulators/aws/iam.ts';
import { queueNameIn } from '../emulators/sqs/queue-settings.ts';
import type { TwilioAccount } from '../emulators/twilio/options.ts';

/** An access key that may do what the runbook says its commands need, and nothing else. */
export function createOperator({ outputs }: Assembly): Caller {
  const queue = (output: string) => arn('sqs', queueNameIn(outputs[output] ?? ''));
  const toFlex = queue('ToFlexQueueUrl');
  const deadLetters = queue('DeadLetterQueueUrl');
  return createCaller('operator', [
    // redrive
    allow(['sqs:GetQueueAttributes'], [toFlex, deadLetters]),
    allow(['sqs:SendMessage'], [toFlex]),
    allow(
      ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage'],
      [deadLetters],
    ),
    // revoke; erase also puts and deletes
    allow(
      ['dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
      [arn('dynamodb', `table/${outputs['TableName']}`)],
    ),
    allow(
      ['execute-api:ManageConnections'],
      [arn('execute-api', `${apiIdIn(outputs['CustomerSocketCallbackUrl'])}/*`)],
    ),
    // secrets set
    allow(
      ['secretsmanager:PutSecretValue'],
      [outputs['TwilioApiKeySecretArn'], outputs['TwilioAuthTokenSecretArn']],
    ),
    // secrets rotate
    allow(
      ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'],
      [outputs['SessionKeySecretArn']],
    ),
  ]);
}

/**
 * Writes a file of variables that a shell takes, for this user's eyes only: credentials for the
 * emulators and the simulated Twilio, made up at each start.
 */
export function writeOperatorEnvironment(
  file: string,
  { accessKeyId, secretAccessKey }: Caller,
  { awsUrl, account }: { readonly awsUrl: string; readonly account: TwilioAccount },
): void {
  const [apiKey] = account.apiKeys;
  const variables = {
    AWS_ENDPOINT_URL: awsUrl,
    AWS_REGION: LOCAL_REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    // A profile of the developer's would win over the key.
    AWS_PROFILE: '',
    TWILIO_ACCOUNT_SID: account.accountSid,
    TWILIO_API_KEY: apiKey?.sid,
    TWILIO_API_SECRET: apiKey?.secret,
    TWILIO_AUTH_TOKEN: account.authToken,
  };
  const lines = Object.entries(variables).map(([name, value = '']) => `${name}=${value}\n`);
  writeFileSync(file, lines.join(''), { mode: 0o600 });
}

/** What `cdk deploy --outputs-file` tells of a deployment, with the addresses of this run. */
export function writeStackOutputs(
  file: string,
  { outputs }: Assembly,
  endpoints: PublicEndpoints,
): void {
  const local = Object.entries(outputs).map(
    ([name, value]) => [name, rewriteEndpoints(value, endpoints)] as const,
  );
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(local), null, 2)}\n`);
}

function allow(actions: readonly string[], resources: readonly (string | undefined)[]): Statement {
  return { Effect: 'Allow', Action: actions, Resource: resources };
}

const apiIdIn = (url = ''): string => new URL(url).host.split('.')[0] ?? '';

/** What a deployment's operator puts into the secrets by hand. */
export function twilioSecrets(assembly: Assembly, account: TwilioAccount): Record<string, string> {
  const [apiKey] = account.apiKeys;
  return {
    [outputOf(assembly, 'TwilioApiKeySecretArn')]: JSON.stringify({
      keySid: apiKey?.sid,
      keySecret: apiKey?.secret,
    }),
    [outputOf(assembly, 'TwilioAuthTokenSecretArn')]: JSON.stringify({
      primary: account.authToken,
    }),
  };
}
