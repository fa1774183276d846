import { randomBytes } from 'node:crypto';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  formatSessionKeys,
  MAX_SESSION_KEYS,
  parseSessionKeys,
  type SessionKey,
  withNextKey,
} from '#adapters/aws/session-keys';
import { TOKEN_TTL_MS } from '#core/session';
import {
  type Call,
  CommandError,
  defineCommand,
  EXIT,
  type ExitCode,
  type Options,
  UsageError,
} from '../command.ts';
import { explained } from '../failures/describe.ts';
import { fromOutputs, OUTPUTS_OPTION, refuseNoArn } from '../stack-outputs.ts';
import { CONFIRM_OPTIONS, confirmed, locate, STAGE_OPTIONS } from '../stage.ts';

const MINUTE_MS = 60_000;

/** Twice as long as running functions keep what they have read. */
const DEFAULT_MINUTES = 10;

/** As much again for copies that went on with the old key, as they could not read the secret. */
const MARGIN_MS = 60 * MINUTE_MS;

const OPTIONS = {
  ...STAGE_OPTIONS,
  ...OUTPUTS_OPTION,
  'session-key-secret': { type: 'string', value: 'arn', about: 'default: SessionKeySecretArn' },
  'in-minutes': {
    type: 'string',
    value: 'n',
    about: `when the new key begins to sign, 0 to 1440; default ${DEFAULT_MINUTES}`,
  },
  'end-sessions': {
    type: 'boolean',
    about: 'take the old keys away at once, as others know them; every customer begins anew',
  },
  ...CONFIRM_OPTIONS,
} as const satisfies Options;

export const secretsRotateCommand = defineCommand({
  name: 'secrets rotate',
  summary: [
    'Makes a new key that signs session tokens, beside the old one.',
    '',
    'Running functions learn of the new key before it begins. Tokens of the old one are good until they',
    'expire, 24 hours after the new one has begun; no customer notices anything.',
  ].join('\n'),
  options: OPTIONS,
  again:
    'Run it again: at worst there is one key more, and the old ones are good for as long as before.',
  run,
});

async function run(call: Call<typeof OPTIONS>): Promise<ExitCode> {
  const { values, terminal } = call;
  const { stage } = locate(values);
  const delayMs = minutesIn(values) * MINUTE_MS;
  const from = fromOutputs(values, stage, { 'session-key-secret': 'SessionKeySecretArn' });
  const arn = from['session-key-secret'];
  refuseNoArn('session-key-secret', arn);
  const endsSessions = values['end-sessions'] === true;
  const client = new SecretsManagerClient();
  const { keys, next } = await planKeys(client, arn, { delayMs, endsSessions });

  const say = values.json ? terminal.progress : terminal.print;
  say(...describe(next, keys, endsSessions));
  const question = endsSessions ? 'End every session?' : 'Store the new key?';
  const isRotated = await confirmed(call, question);
  if (isRotated) {
    const stored = { SecretId: arn, SecretString: formatSessionKeys(keys) };
    await explained(arn, () => client.send(new PutSecretValueCommand(stored)));
  }
  const beginsAt = new Date(next.fromMs).toISOString();
  if (values.json) terminal.printJson({ stage, isRotated, kid: next.kid, beginsAt });
  else terminal.print(isRotated ? `Stored: key ${next.kid}.` : 'Nothing was changed.');
  return isRotated || values['dry-run'] ? EXIT.ok : EXIT.failed;
}

async function planKeys(
  client: SecretsManagerClient,
  arn: string,
  { delayMs, endsSessions }: { readonly delayMs: number; readonly endsSessions: boolean },
): Promise<{ readonly keys: readonly SessionKey[]; readonly next: SessionKey }> {
  const nowMs = Date.now();
  const fromMs = endsSessions ? nowMs : nowMs + delayMs;
  const next = {
    kid: randomBytes(4).toString('hex'),
    key: randomBytes(48).toString('base64url'),
    fromMs,
  };
  if (endsSessions) return { keys: [next], next };
  const { SecretString: text } = await explained(arn, () =>
    client.send(new GetSecretValueCommand({ SecretId: arn })),
  );
  if (!text) throw new CommandError(`${arn}: it holds no text.`);
  const untilMs = fromMs + TOKEN_TTL_MS + MARGIN_MS;
  const keys = withNextKey(parseSessionKeys(text), next, { nowMs, untilMs });
  if (keys.length > MAX_SESSION_KEYS) {
    throw new CommandError(
      `${arn}: ${MAX_SESSION_KEYS} keys are still in use. Wait until one is a day old.`,
    );
  }
  return { keys, next };
}

/** @throws UsageError */
function minutesIn(values: Call<typeof OPTIONS>['values']): number {
  const { 'in-minutes': given = String(DEFAULT_MINUTES) } = values;
  if (!/^\d{1,4}$/.test(given) || Number(given) > 1_440) {
    throw new UsageError('--in-minutes: expected a whole number from 0 to 1440.');
  }
  return Number(given);
}

function describe(next: SessionKey, keys: readonly SessionKey[], endsSessions: boolean): string[] {
  if (endsSessions) {
    return [
      `Key ${next.kid} replaces all others. Running functions follow within 5 minutes.`,
      'Every token becomes void: connections stay open, but no customer resumes a session.',
    ];
  }
  return [
    `Key ${next.kid} signs from ${new Date(next.fromMs).toISOString()}.`,
    ...keys
      .filter(({ kid }) => kid !== next.kid)
      .map(({ kid = 'without a name', untilMs = 0 }) => {
        return `Tokens of key ${kid} are good until ${new Date(untilMs).toISOString()}.`;
      }),
  ];
}
