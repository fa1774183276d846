import { describeFailure } from '../failures/describe.ts';
import { accountOf } from '../twilio/account.ts';
import { createTwilio, isUnauthorized, type Twilio } from '../twilio/client.ts';
import { type Credentials, credentialProblems } from '../twilio/credentials.ts';
import type { Finding, Subject } from './check.ts';

export interface Examined {
  readonly findings: readonly Finding[];
  /** Absent when Twilio does not let us in. */
  readonly twilio?: Twilio;
}

/** Tries the API key and the auth token each by itself, since the stack needs both. */
export async function examineCredentials(
  { credentials, draft }: Subject,
  twilioUrl: string | undefined,
): Promise<Examined> {
  const accountSid = draft.twilio?.accountSid;
  const findings: Finding[] = credentialProblems(credentials, accountSid).map(
    ({ variable, value, problem, expected, cure }) => {
      return { severity: 'error', field: variable, value, problem, expected, cure };
    },
  );
  if (accountSid === undefined) return { findings };
  const broken = new Set(findings.map(({ field }) => field));
  let twilio: Twilio | undefined;
  for (const [kind, only] of usable(credentials, broken)) {
    const client = createTwilio({ credentials: only, accountSid, twilioUrl });
    const refusal = await tryOut(client, accountSid, kind);
    if (refusal === undefined) twilio ??= client;
    else findings.push(refusal);
  }
  return { findings, ...(twilio && { twilio }) };
}

type Kind = 'API key' | 'auth token';

const VARIABLES = { 'API key': 'TWILIO_API_KEY', 'auth token': 'TWILIO_AUTH_TOKEN' } as const;

function usable(
  { apiKey, apiSecret, authToken }: Credentials,
  broken: ReadonlySet<string>,
): [Kind, Credentials][] {
  const isKeyBroken = broken.has('TWILIO_API_KEY') || broken.has('TWILIO_API_SECRET');
  const found: [Kind, Credentials][] = [];
  if (apiKey && apiSecret && !isKeyBroken) found.push(['API key', { apiKey, apiSecret }]);
  if (authToken && !broken.has('TWILIO_AUTH_TOKEN')) found.push(['auth token', { authToken }]);
  return found;
}

async function tryOut(
  client: Twilio,
  accountSid: string,
  kind: Kind,
): Promise<Finding | undefined> {
  const field = VARIABLES[kind];
  try {
    if ((await accountOf(client)) !== accountSid) return wrongAccount(field, kind, accountSid);
    // Only the auth token may read the account.
    if (kind === 'API key') return undefined;
    const { status } = await client.api.v2010.accounts(accountSid).fetch();
    return status === 'active' ? undefined : asleep(accountSid, status);
  } catch (error) {
    return isUnauthorized(error) ? refused(field, kind, accountSid) : unreachable(error);
  }
}

const refused = (field: string, kind: Kind, accountSid: string): Finding => ({
  severity: 'error',
  field,
  problem: `Twilio refuses the ${kind} for account ${accountSid}`,
  expected:
    kind === 'API key' ? 'a key of that account, with its own secret' : "that account's auth token",
  cure:
    kind === 'API key'
      ? 'check that key and secret belong together, that the key is of type Standard and region US1, and that the account is not suspended; the auth token goes into TWILIO_AUTH_TOKEN'
      : "it may be another account's, rotated since, or an API key's secret, which goes into TWILIO_API_SECRET",
});

const wrongAccount = (field: string, kind: Kind, accountSid: string): Finding => ({
  severity: 'error',
  field,
  problem: `the ${kind} is good, but of another account than ${accountSid}`,
  expected: 'credentials of the account that twilio.accountSid names',
  cure: 'correct twilio.accountSid, or use credentials of that account',
});

const asleep = (accountSid: string, status: string): Finding => ({
  severity: 'error',
  field: 'twilio.accountSid',
  value: accountSid,
  problem: `the account is ${status}`,
  expected: 'an active account',
  cure: 'activate it in the console, or name another account',
});

const unreachable = (error: unknown): Finding => ({
  severity: 'error',
  field: 'api.twilio.com',
  problem: `Twilio can't be asked: ${describeFailure(error)}`,
  cure: 'check the network and --twilio-url, then try again',
});
