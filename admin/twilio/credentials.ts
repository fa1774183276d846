/** Credentials for Twilio, from the environment only: arguments show in process lists and histories. */

export interface Credentials {
  readonly accountSid?: string;
  readonly apiKey?: string;
  readonly apiSecret?: string;
  readonly authToken?: string;
}

/** One variable that can't hold what it should. */
export interface CredentialProblem {
  readonly variable: string;
  /** Shown only when it is a SID: anything else may be a secret in the wrong place. */
  readonly value?: string;
  readonly problem: string;
  readonly expected: string;
  readonly cure: string;
}

export function readCredentials(env: NodeJS.ProcessEnv): Credentials {
  const named = {
    accountSid: env['TWILIO_ACCOUNT_SID'],
    apiKey: env['TWILIO_API_KEY'],
    apiSecret: env['TWILIO_API_SECRET'],
    authToken: env['TWILIO_AUTH_TOKEN'],
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value));
}

export const isApiKeySid = (value: string): boolean => /^SK[0-9a-f]{32}$/.test(value);
export const isAuthToken = (value: string): boolean => /^[0-9a-f]{32}$/.test(value);

const API_KEY = 'an API key SID (SK + 32 hex digits)';
const AUTH_TOKEN = "the account's auth token (32 hex digits)";
const KEYS_PAGE = 'Console > Account > API keys & tokens';

/** What is wrong by the look of it, without asking Twilio. */
export function credentialProblems(
  { accountSid, apiKey, apiSecret, authToken }: Credentials,
  configuredAccountSid?: string,
): CredentialProblem[] {
  return [
    ...problemsOfAccount(accountSid, configuredAccountSid),
    ...problemsOfApiKey(apiKey, apiSecret),
    ...problemsOfAuthToken(authToken),
    ...(apiKey === undefined && apiSecret === undefined && authToken === undefined
      ? [
          {
            variable: 'TWILIO_API_KEY',
            problem: 'there are no credentials for Twilio',
            expected: `${API_KEY} with its secret, or ${AUTH_TOKEN}`,
            cure: `set TWILIO_API_KEY and TWILIO_API_SECRET, or TWILIO_AUTH_TOKEN (${KEYS_PAGE})`,
          },
        ]
      : []),
  ];
}

function problemsOfAccount(given?: string, configured?: string): CredentialProblem[] {
  if (given === undefined || configured === undefined || given === configured) return [];
  return [
    {
      variable: 'TWILIO_ACCOUNT_SID',
      value: shownSid(given),
      problem: 'another account than the one that twilio.accountSid names',
      expected: configured,
      cure: 'set the credentials of the configured account, or correct twilio.accountSid',
    },
  ];
}

function problemsOfApiKey(apiKey?: string, apiSecret?: string): CredentialProblem[] {
  const problems: CredentialProblem[] = [];
  if (apiKey !== undefined && !isApiKeySid(apiKey)) {
    const isAccount = /^AC[0-9a-f]{32}$/.test(apiKey);
    problems.push({
      variable: 'TWILIO_API_KEY',
      value: shownSid(apiKey),
      problem: isAccount ? 'the SID of an account, not of an API key' : 'no API key SID',
      expected: API_KEY,
      cure: isAccount
        ? 'with the account SID goes the auth token: set TWILIO_AUTH_TOKEN instead'
        : `copy the SID of the key from ${KEYS_PAGE}`,
    });
  }
  if ((apiKey === undefined) !== (apiSecret === undefined)) {
    const missing = apiKey === undefined ? 'TWILIO_API_KEY' : 'TWILIO_API_SECRET';
    problems.push({
      variable: missing,
      problem: 'missing: an API key has a SID and a secret',
      expected: apiKey === undefined ? API_KEY : "the API key's secret",
      cure: `set ${missing} as well; Twilio shows a secret only once, so make a new key if it is lost`,
    });
  }
  if (apiSecret !== undefined && /^(SK|AC)[0-9a-f]{32}$/.test(apiSecret)) {
    problems.push({
      variable: 'TWILIO_API_SECRET',
      value: shownSid(apiSecret),
      problem: 'a SID, not a secret',
      expected: "the API key's secret, shown once when the key was made",
      cure: `make a new key in ${KEYS_PAGE} and copy its secret`,
    });
  }
  return problems;
}

function problemsOfAuthToken(authToken?: string): CredentialProblem[] {
  if (authToken === undefined || isAuthToken(authToken)) return [];
  const isKey = isApiKeySid(authToken);
  return [
    {
      variable: 'TWILIO_AUTH_TOKEN',
      value: shownSid(authToken),
      problem: isKey
        ? 'an API key SID, not the auth token'
        : "not an auth token; an API key's secret?",
      expected: AUTH_TOKEN,
      cure: isKey
        ? 'set TWILIO_API_KEY and TWILIO_API_SECRET instead, or copy the auth token'
        : `copy the auth token from ${KEYS_PAGE}; API key secrets never sign webhooks`,
    },
  ];
}

const shownSid = (value: string): string =>
  /^[A-Z]{2}[0-9a-f]{32}$/.test(value) ? value : '(hidden: it may be a secret)';
