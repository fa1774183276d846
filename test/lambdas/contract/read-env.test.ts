import { ENV, type EnvKey } from '#lambdas/contract/environment';
import { readEnv } from '#lambdas/contract/read-env';
import type { Variable } from '#lambdas/contract/variable';

const SETTINGS = {
  accountSid: `AC${'1'.repeat(32)}`,
  chatServiceSid: `IS${'2'.repeat(32)}`,
  workspaceSid: `WS${'3'.repeat(32)}`,
  backEnd: 'conversations',
  routing: { type: 'task', workflowSid: `WW${'4'.repeat(32)}` },
};

const WHAT_DEFAULTS_ADD = {
  timers: { inactiveMinutes: 1440, closedMinutes: 4320 },
  whenNobodyServes: 'end',
  rerouteAttempts: 2,
  names: { agent: 'Agent', bot: 'Assistant' },
};

const keys = Object.keys(ENV) as EnvKey[];
const variables: readonly Variable<unknown>[] = Object.values(ENV);
const numbers = variables.filter(({ expected }) => expected.startsWith('a whole number'));

const reading = (key: EnvKey, text: string) => () => readEnv({ [ENV[key].name]: text }, key);

describe('readEnv', () => {
  test('reads texts, numbers, flags and JSON as what they are', () => {
    const source = {
      TABLE_NAME: 't',
      MAX_TRIES: '40',
      ALLOW_NON_BROWSER_CLIENTS: 'false',
      ALLOWED_ORIGINS: '["https://a.example"]',
      FLEX: JSON.stringify(SETTINGS),
    };

    const env = readEnv(
      source,
      'tableName',
      'maxTries',
      'allowNonBrowserClients',
      'allowedOrigins',
      'flex',
    );

    expect(env).toEqual({
      tableName: 't',
      maxTries: 40,
      allowNonBrowserClients: false,
      allowedOrigins: ['https://a.example'],
      flex: { ...SETTINGS, ...WHAT_DEFAULTS_ADD },
    });
  });

  test('reads what a construct writes', () => {
    const flex = { ...SETTINGS, ...WHAT_DEFAULTS_ADD };
    const files = { maxBytes: 1, types: ['image/png'], perSession: 1 };
    const claims = { name: 'name', email: 'email', language: 'locale' };
    const vouching = { issuer: 'https://id', audience: 'chat', claims };
    const identity = { ...vouching, jwksUrl: 'https://id/keys' };
    const lists = { d: ['https://a'], e: flex, f: files, g: identity };
    const values: Record<string, unknown> = { a: 'text', b: 7, c: true, ...lists };

    for (const { name, write, read } of variables) {
      const readable = Object.values(values).filter((value) => {
        const found = read(write(value));
        return JSON.stringify(found) === JSON.stringify(value);
      });
      expect([name, readable.length > 0]).toEqual([name, true]);
    }
  });

  test('names every variable that is missing or empty', () => {
    const read = () => readEnv({ QUEUE_URL: '' }, 'tableName', 'queueUrl');

    expect(read).toThrow('environment: TABLE_NAME is missing; QUEUE_URL is missing');
  });

  test('does without the one that only the local stack sets', () => {
    expect(readEnv({}, 'twilioEndpointUrl')).toEqual({});
    expect(keys.filter((key) => 'isOptional' in ENV[key])).toEqual(['twilioEndpointUrl']);
  });

  test.each(numbers.map(({ name }) => name))('refuses %s that is no whole number', (name) => {
    const key = keys.find((each) => ENV[each].name === name) as EnvKey;

    for (const text of ['NaN', 'many', '-1', '1.5', '0', '1e3', '0x10', ' 5', 'Infinity']) {
      expect(reading(key, text)).toThrow(`environment: ${name} must be a whole number from 1`);
    }
  });

  test.each(['yes', 'TRUE', '1', '0'])('takes the text %j for no flag', (text) => {
    expect(reading('allowNonBrowserClients', text)).toThrow(
      'environment: ALLOW_NON_BROWSER_CLIENTS must be "true" or "false"',
    );
  });

  test.each(['*', '{}', '[1]', '"https://a.example"'])('takes %j for no origins', (text) => {
    expect(reading('allowedOrigins', text)).toThrow('ALLOWED_ORIGINS must be JSON of a list');
  });

  test.each([
    ['no JSON', '{'],
    ['another back end', JSON.stringify({ ...SETTINGS, backEnd: 'sms' })],
    ['a routing without its workflow', JSON.stringify({ ...SETTINGS, routing: { type: 'task' } })],
    ['no names of customers', JSON.stringify({ ...SETTINGS, names: { agent: '' } })],
  ])('refuses settings of Flex with %s, without repeating them', (_, text) => {
    expect(reading('flex', text)).toThrow(
      /^environment: FLEX must be JSON of the sections [a-z ]+$/,
    );
  });

  test('takes settings of a later version, which has further fields', () => {
    const later = {
      ...SETTINGS,
      more: 1,
      routing: { ...SETTINGS.routing, priority: 3 },
      timers: { inactiveMinutes: 5, closedMinutes: 20, warnMinutes: 2 },
    };

    const { flex } = readEnv({ FLEX: JSON.stringify(later) }, 'flex');

    expect(flex).toEqual({
      ...SETTINGS,
      ...WHAT_DEFAULTS_ADD,
      timers: { inactiveMinutes: 5, closedMinutes: 20 },
    });
  });

  test('refuses settings of a later version that are wrong as well', () => {
    const later = { ...SETTINGS, aNew: 1, workspaceSid: 'WS1', zNew: 2 };

    expect(reading('flex', JSON.stringify(later))).toThrow('FLEX must be');
  });
});
