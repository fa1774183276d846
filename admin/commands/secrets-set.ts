import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as v from 'valibot';
import {
  type Call,
  CommandError,
  defineCommand,
  EXIT,
  type ExitCode,
  type Options,
  UsageError,
} from '../command.ts';
import { describeFailure } from '../failures/describe.ts';
import { OUTPUTS_OPTION, readOutputs, refuseNoArn } from '../stack-outputs.ts';
import { locate, STAGE_OPTIONS } from '../stage.ts';
import type { Terminal } from '../terminal.ts';
import { isApiKeySid, isAuthToken } from '../twilio/credentials.ts';

const OPTIONS = {
  ...STAGE_OPTIONS,
  ...OUTPUTS_OPTION,
  'api-key-secret': { type: 'string', value: 'arn', about: 'secret of the API key' },
  'auth-token-secret': { type: 'string', value: 'arn', about: 'secret of the auth token' },
} as const satisfies Options;

export const secretsSetCommand = defineCommand({
  name: 'secrets set',
  summary: [
    "Puts Twilio's credentials into the stack's secrets. Asks for them, or reads JSON on standard input:",
    '  { "keySid": "SK…", "keySecret": "…", "authToken": "…", "secondaryAuthToken": "…" }',
    'What is left out stays as it is. The address of AWS and its credentials come from the environment.',
  ].join('\n'),
  options: OPTIONS,
  again: 'Run it again: what was set already is set once more, and nothing is lost.',
  run,
});

const checked = (expected: string, isRight: (value: string) => boolean) =>
  v.optional(v.pipe(v.string(expected), v.check(isRight, expected)));

const hasNoSpace = (value: string): boolean => /^\S{16,}$/.test(value);

const SecretsSchema = v.strictObject({
  keySid: checked('an API key SID (SK + 32 hex digits)', isApiKeySid),
  keySecret: checked(
    "the API key's secret, not its SID",
    (value) => hasNoSpace(value) && !/^[A-Z]{2}[0-9a-f]{32}$/.test(value),
  ),
  authToken: checked(
    "the account's auth token (32 hex digits), not an API key's secret",
    isAuthToken,
  ),
  secondaryAuthToken: checked('the secondary auth token (32 hex digits)', isAuthToken),
});
type Secrets = v.InferOutput<typeof SecretsSchema>;

const FIELDS = Object.keys(SecretsSchema.entries).join(', ');

/** Many times what there is to say. */
const MAX_INPUT_BYTES = 65_536;

async function run({ terminal, values }: Call<typeof OPTIONS>): Promise<ExitCode> {
  const { stage } = locate(values);
  const outputs = readOutputs(values, stage);
  const arns = {
    apiKey: values['api-key-secret'] ?? outputs['TwilioApiKeySecretArn'],
    authToken: values['auth-token-secret'] ?? outputs['TwilioAuthTokenSecretArn'],
  };
  if (arns.apiKey === undefined && arns.authToken === undefined) {
    throw new UsageError('Pass --outputs <file>, or --api-key-secret and --auth-token-secret.');
  }
  refuseNoArns(values);
  const secrets = checkSecrets(terminal.isInteractive ? await ask(terminal) : await read(terminal));
  const client = new SecretsManagerClient();
  const written: string[] = [];
  for (const { name, arn, value } of toWrite(secrets, arns)) {
    terminal.progress(`Writing: ${name}`);
    await write(client, arn, value, secrets);
    written.push(name);
  }
  if (values.json) terminal.printJson({ stage, set: written });
  else terminal.print(`Set: ${written.join(', ')}. Running functions use it within 5 minutes.`);
  return EXIT.ok;
}

async function ask(terminal: Terminal): Promise<unknown> {
  terminal.progress('An empty answer leaves a value as it is. What you type is not shown.');
  const given = {
    keySid: await terminal.askSecret('API key SID (SK…): '),
    keySecret: await terminal.askSecret('API key secret: '),
    authToken: await terminal.askSecret('Auth token: '),
    secondaryAuthToken: await terminal.askSecret('Secondary auth token, while you rotate: '),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
}

/** @throws UsageError for anything else than an ARN; it may be the secret itself. */
function refuseNoArns(values: Call<typeof OPTIONS>['values']): void {
  for (const option of ['api-key-secret', 'auth-token-secret'] as const) {
    refuseNoArn(option, values[option]);
  }
}

async function read(terminal: Terminal): Promise<unknown> {
  const input = await terminal.readInput(MAX_INPUT_BYTES);
  if (input === undefined) {
    throw new CommandError(`Standard input is longer than ${MAX_INPUT_BYTES} bytes.`);
  }
  try {
    return JSON.parse(input);
  } catch {
    // The parser's own message would repeat the input.
    throw new CommandError('Standard input is not JSON.');
  }
}

/** @throws CommandError that names fields and what they should hold, never what was given. */
function checkSecrets(given: unknown): Secrets {
  const parsed = v.safeParse(SecretsSchema, given);
  const problems = parsed.success ? missingPartners(parsed.output) : parsed.issues.map(describe);
  if (problems.length > 0) {
    throw new CommandError(['Nothing was set:', ...problems.map((problem) => `  ${problem}`)]);
  }
  return parsed.output as Secrets;
}

/** A name that is none of ours may be a secret as well as a value, and so may be where it stands. */
function describe({ expected, message, path }: v.BaseIssue<unknown>): string {
  const name = String(path?.[0].key);
  if (Object.hasOwn(SecretsSchema.entries, name)) return `${name}: expected ${message}`;
  return expected === 'never'
    ? `standard input: a field that is none of ${FIELDS}`
    : `standard input: expected an object with ${FIELDS}`;
}

/** @throws CommandError without the secrets, should AWS repeat one. */
async function write(
  client: SecretsManagerClient,
  arn: string,
  value: string,
  secrets: Secrets,
): Promise<void> {
  try {
    await client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: value }));
  } catch (error) {
    const said = Object.values(secrets)
      .filter((secret) => secret !== undefined)
      .reduce((text, secret) => text.replaceAll(secret, '(hidden)'), describeFailure(error));
    throw new CommandError(`${arn}: ${said}`);
  }
}

function missingPartners(secrets: Secrets): string[] {
  const { keySid, keySecret, authToken, secondaryAuthToken } = secrets;
  return [
    ...(keySid !== undefined && keySecret === undefined ? ['keySecret: expected with keySid'] : []),
    ...(keySid === undefined && keySecret !== undefined ? ['keySid: expected with keySecret'] : []),
    ...(authToken === undefined && secondaryAuthToken !== undefined
      ? ['authToken: expected with secondaryAuthToken']
      : []),
    ...(Object.keys(secrets).length === 0 ? ['keySid, keySecret, authToken: none was given'] : []),
  ];
}

/** @throws CommandError when a secret is given whose ARN is not known. */
function toWrite(
  { keySid, keySecret, authToken, secondaryAuthToken }: Secrets,
  arns: { readonly apiKey?: string | undefined; readonly authToken?: string | undefined },
): { name: string; arn: string; value: string }[] {
  const secondary = secondaryAuthToken === undefined ? {} : { secondary: secondaryAuthToken };
  return [
    ...(keySid === undefined
      ? []
      : [{ name: 'API key', arn: arns.apiKey, content: { keySid, keySecret } }]),
    ...(authToken === undefined
      ? []
      : [
          {
            name: 'auth token',
            arn: arns.authToken,
            content: { primary: authToken, ...secondary },
          },
        ]),
  ].map(({ name, arn, content }) => {
    if (arn === undefined)
      throw new CommandError(`The ARN of the secret of the ${name} is not known.`);
    return { name, arn, value: JSON.stringify(content) };
  });
}
