import twilio from 'twilio';
import { CommandError } from '../../admin/command.ts';
import { describeFailure, explained, isPassing } from '../../admin/failures/describe.ts';

const failure = (name: string, message = 'as told', more: object = {}): Error =>
  Object.assign(new Error(message), { name, ...more });
const coded = (code: string, message = code, more: object = {}): Error =>
  Object.assign(new Error(message), { code, ...more });
const answered = (statusCode: number, body: unknown): Error =>
  new twilio.RestException({ statusCode, body });

type Case = readonly [name: string, error: Error, cause: RegExp, cure: RegExp, isPassing: boolean];

const CASES: readonly Case[] = [
  ['AWS without a region', new Error('Region is missing'), /no AWS region/, /AWS_REGION/, false],
  [
    'AWS without credentials',
    failure('CredentialsProviderError', 'Could not load credentials from any providers'),
    /no AWS credentials/,
    /AWS_PROFILE.*aws sso login/,
    false,
  ],
  ['an expired token', failure('ExpiredTokenException'), /not take the cred/, /renew/, false],
  ['an expired token of SQS', failure('ExpiredToken'), /not take the cred/, /renew/, false],
  [
    'an action that is not allowed',
    failure('AccessDeniedException', 'User: u is not authorized to perform: sqs:SendMessage'),
    /not authorized to perform: sqs:SendMessage/,
    /permission; docs\/runbook\.md/,
    false,
  ],
  ['an absent table', failure('ResourceNotFoundException'), /does not exist/, /AWS_REGION/, false],
  ['throttling by AWS', failure('ThrottlingException'), /too much/, /wait/, true],
  [
    'an unknown fault of AWS',
    failure('Oops', 'as told', { $metadata: { httpStatusCode: 503 } }),
    /fault of its own/,
    /wait/,
    true,
  ],
  [
    'a proxy that answers for AWS',
    failure('SyntaxError', 'Unexpected token <\n  Deserialization error: to see', {
      $metadata: { httpStatusCode: 200 },
    }),
    /does not speak as AWS/,
    /proxy/,
    false,
  ],
  ['a wrong clock', failure('RequestTimeTooSkewed'), /time of this machine/, /NTP/, false],
  [
    'a refused key of Twilio',
    answered(401, { code: 20003, message: 'Authenticate' }),
    /Twilio answered 401, code 20003: Authenticate/,
    /key and secret belong together/,
    false,
  ],
  ['a forbidden call', answered(403, { message: 'no' }), /answered 403/, /Standard/, false],
  ['an absent SID', answered(404, { code: 20404, message: 'x' }), /404/, /SIDs.*doctor/, false],
  ['too many calls', answered(429, { code: 20429, message: 'x' }), /429/, /wait a minute/, true],
  ['a fault of Twilio', answered(503, '<html>'), /answered 503/, /status\.twilio\.com/, true],
  [
    'a refused parameter',
    answered(400, { code: 60001, message: 'x', more_info: 'https://www.twilio.com/docs/e/60001' }),
    /code 60001/,
    /docs\/e\/60001 explains/,
    false,
  ],
  ['a cut connection', new Error('socket hang up'), /cut before/, /network/, true],
  ['a reset connection', coded('ECONNRESET', 'read ECONNRESET'), /cut before/, /network/, true],
  [
    'a name that is not found',
    coded('ENOTFOUND', 'getaddrinfo ENOTFOUND api.twilio.com'),
    /api\.twilio\.com: there is no such address/,
    /DNS/,
    true,
  ],
  ['a name server that is off', coded('EAI_AGAIN'), /no such address/, /DNS/, true],
  ['several closed ports', coded('ECONNREFUSED', ''), /ECONNREFUSED: nobody/, /addresses/, true],
  ['no answer', coded('ECONNABORTED', 'timeout of 15000ms exceeded'), /in time/, /network/, true],
  ['a time-out of AWS', failure('TimeoutError', 'Connection timed out'), /in time/, /proxy/, true],
  ['no address', coded('ERR_INVALID_URL', 'Invalid URL'), /no address/, /AWS_ENDPOINT_URL/, false],
  ['no address, uncoded', failure('TypeError', 'Invalid URL'), /no address/, /begins with/, false],
  [
    "a proxy's certificate",
    coded('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain'),
    /not trusted/,
    /NODE_EXTRA_CA_CERTS/,
    false,
  ],
  ['plain HTTP', coded('EPROTO', 'wrong version number'), /TLS/, /http or https/, false],
  [
    'a file that may not be written',
    coded('EACCES', 'EACCES: permission denied, open', { path: 'config/qa.json' }),
    /config\/qa\.json: this user may not/,
    /access/,
    false,
  ],
];

describe('a failure', () => {
  test.each(CASES)('of %s is told with cause and cure', (_name, error, cause, cure, passing) => {
    const [told = '', ...cures] = describeFailure(error).split('; ');

    expect(told).toMatch(cause);
    expect(cures.join('; ')).toMatch(cure);
    expect(isPassing(error)).toBe(passing);
  });

  test('is found in what an adapter or fetch wrapped it in', () => {
    const wrapped = new Error('PutItem: failed', { cause: failure('ExpiredToken') });
    const fetched = new TypeError('fetch failed', { cause: coded('ENOTFOUND') });

    expect(describeFailure(wrapped)).toContain('AWS does not take the credentials');
    expect(describeFailure(fetched)).toContain('there is no such address');
  });

  test('that nobody knows is told as it is, and where to look', () => {
    expect(describeFailure(new Error('boom'))).toBe('boom; DEBUG=1 shows where');
    expect(describeFailure('boom')).toContain('boom');
  });

  test('names what the call was about, once', async () => {
    const outer = explained('Stage', () =>
      explained('Studio flow', () => Promise.reject(coded('ECONNRESET', 'read ECONNRESET'))),
    );

    await expect(outer).rejects.toThrow(/^Studio flow: read ECONNRESET: the connection was cut/);
    await expect(outer).rejects.toBeInstanceOf(CommandError);
    expect(isPassing(await outer.catch((error: unknown) => error))).toBe(true);
  });

  test('that loops through its causes comes to an end', () => {
    const looped = new Error('round');
    looped.cause = looped;

    expect(describeFailure(looped)).toContain('round');
  });
});
