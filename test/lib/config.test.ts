import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, loadConfig, locateConfig, readConfig } from '#lib/config';
import { withValueAt } from '#test/support/with-value-at';

const HEX = '0123456789abcdef0123456789abcdef';

const folder = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(folder, { recursive: true }));

// biome-ignore lint/suspicious/noExplicitAny: the tests put wrong values anywhere
const aConfig = (): any => ({
  twilio: { accountSid: `AC${HEX}`, chatServiceSid: `IS${HEX}`, workspaceSid: `WS${HEX}` },
  flex: { backEnd: 'conversations', routing: { type: 'task', workflowSid: `WW${HEX}` } },
  customers: { allowedOrigins: ['https://www.example.com'] },
});

const changed = (path: string, value: unknown): unknown => withValueAt(aConfig(), path, value);

function load(config: unknown, context: Record<string, unknown> = { stage: 'prod' }) {
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  writeFileSync(join(folder, 'prod.json'), text);
  return loadConfig((key) => context[key], folder);
}

function refusal(config: unknown, context?: Record<string, unknown>): string {
  try {
    load(config, context);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

const WEB_ACL =
  'arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/chat/00000000-0000-0000-0000-000000000000';

const CERTIFICATE =
  'arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-0000-0000-000000000000';

const IDENTITY = { issuer: 'https://login.example.com/', audience: 'shop' };

const SECRET_ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/identity-AbCdEf';

describe('loadConfig', () => {
  test('fills in the defaults', () => {
    const { stage, config } = load(aConfig());

    expect(stage).toBe('prod');
    expect(config).toEqual({
      twilio: aConfig().twilio,
      flex: {
        ...aConfig().flex,
        timers: { inactiveMinutes: 1440, closedMinutes: 4320 },
        whenNobodyServes: 'end',
        rerouteAttempts: 2,
        names: { agent: 'Agent', bot: 'Assistant' },
      },
      customers: {
        allowedOrigins: ['https://www.example.com'],
        allowNonBrowserClients: false,
        maxBodyBytes: 8192,
        messagesPerMinute: 120,
        connectionsPerSession: 20,
        sessionsPerAddressPerMinute: 60,
      },
      operations: {
        monitoring: true,
        protectState: true,
        logRetentionDays: 30,
        logRuns: false,
        webhookIntake: 'rest',
        accessLogs: false,
        socketThrottle: { rateLimit: 200, burstLimit: 400 },
        webhookThrottle: { rateLimit: 100, burstLimit: 200 },
        maxConcurrency: 5,
        reservedConcurrency: {},
      },
      widget: { hosting: false },
      aws: {},
    });
  });

  test.each([
    ['flex.routing', { type: 'task', workflowSid: `WW${HEX}`, taskChannel: 'voice' }],
    ['flex.routing', { type: 'studio', flowSid: `FW${HEX}` }],
    ['flex.routing', { type: 'studio', flowSid: `FW${HEX}`, workflowSid: `WW${HEX}` }],
    ['flex.routing', { type: 'external', url: 'https://tasks.example.com/new?from=chat' }],
    ['flex.routing', { type: 'external', url: 'http://127.0.0.1:4000/new' }],
    ['flex.interactionWebhookTtid', 'flex_interactionwebhook_01jx5'],
    ['flex.flexFlowSid', `FO${HEX}`],
    ['customers.allowedOrigins', ['http://localhost:3000', 'https://shop.example.com:8443']],
    ['flex.whenNobodyServes', 'reroute'],
    ['flex.rerouteAttempts', 10],
    ['flex.timers', { closedMinutes: 10_000 }],
    ['customers.idleMinutes', 2],
    ['customers.idleMinutes', 10_080],
    ['flex.timers', { inactiveMinutes: 1, closedMinutes: 10 }],
    ['customers.identity', { ...IDENTITY, jwksUrl: 'https://login.example.com/jwks.json' }],
    ['customers.identity', { ...IDENTITY, jwksUrl: 'http://127.0.0.1:4000/jwks.json' }],
    ['customers.identity', { ...IDENTITY, sharedSecretArn: SECRET_ARN }],
    [
      'customers.identity',
      {
        ...IDENTITY,
        sharedSecretArn: SECRET_ARN,
        claims: { name: 'given', fields: { tier: 't' } },
      },
    ],
    ['customers.maxBodyBytes', 16_384],
    ['operations.webhookUrl', 'https://flex.example.com'],
    ['operations.webhookUrl', 'https://flex.example.com/hooks'],
    ['operations.webhookUrl', 'http://127.0.0.1:4000/prod'],
    ['operations.maxConcurrency', 1000],
    ['operations.webhookSources', ['203.0.113.7/32', '2001:db8::/48', '0.0.0.0/0']],
    ['operations.webhookWebAclArn', WEB_ACL],
    ['aws', { account: '111122223333', region: 'us-gov-west-1' }],
    ['aws.tags', { 'cost center': 'Köln 7', owner: '' }],
    ['aws.permissionsBoundary', 'arn:aws:iam::111122223333:policy/teams/chat'],
    [
      'widget',
      { hosting: true, domain: { name: 'chat.example.com', certificateArn: CERTIFICATE } },
    ],
  ])('accepts %s %j', (path, value) => {
    expect(() => load(changed(path, value))).not.toThrow();
  });

  test.each([
    ['twilio', undefined, 'twilio: missing; expected an object with accountSid'],
    ['twilio.accountSid', undefined, 'twilio.accountSid: missing; expected an account SID (AC'],
    ['twilio.accountSid', 7, 'twilio.accountSid: 7; expected an account SID'],
    [
      'twilio.workspaceSid',
      `WW${HEX}`,
      `twilio.workspaceSid: "WW${HEX}" is a workflow SID; expected a workspace SID (WS + 32 hex digits): Console > TaskRouter > Workspaces`,
    ],
    ['twilio.chatServiceSid', `IS${HEX}0`, 'twilio.chatServiceSid: "IS'],
    ['twilio.apiKey', 'SK', 'twilio.apiKey: unknown field; the fields here are accountSid,'],
    ['flex.backEnd', 'sms', 'flex.backEnd: "sms"; expected "conversations" (Flex Conv'],
    ['flex.routing', undefined, 'flex.routing: missing; expected routing with type "task"'],
    ['flex.routing.type', 'voice', 'flex.routing.type: "voice"; expected routing with type'],
    ['flex.routing', { type: 'external' }, 'flex.routing.url: missing; expected the https URL'],
    [
      'flex.routing',
      { type: 'external', url: 'http://tasks.example.com' },
      'flex.routing.url: "http://tasks.example.com"; expected the https URL',
    ],
    [
      'flex.routing',
      { type: 'studio', flowSid: `WW${HEX}` },
      `flex.routing.flowSid: "WW${HEX}" is a workflow SID; expected a Studio flow SID (FW`,
    ],
    ['flex.flexFlowSid', `FW${HEX}`, `flex.flexFlowSid: "FW${HEX}" is a Studio flow SID; expected`],
    ['flex.interactionWebhookTtid', 'WH1', 'interactionWebhookTtid: "WH1"; expected the id of an'],
    ['flex.routing.flowSid', `FW${HEX}`, 'flex.routing.flowSid: unknown field; the fields here'],
    ['flex.names.agent', '', 'flex.names.agent: ""; expected a name that customers may see'],
    ['customers.identity', IDENTITY, 'customers.identity: an object'],
    ['customers.identity', IDENTITY, 'expected either jwksUrl, for tokens signed with'],
    [
      'customers.identity',
      { ...IDENTITY, jwksUrl: 'https://a.example/', sharedSecretArn: SECRET_ARN },
      'expected either jwksUrl, for tokens signed with',
    ],
    [
      'customers.identity',
      { ...IDENTITY, jwksUrl: 'http://login.example.com/jwks.json' },
      "expected the https address of the issuer's public keys",
    ],
    [
      'customers.identity',
      { ...IDENTITY, jwksUrl: 'https://me:pass@login.example.com/jwks.json' },
      "expected the https address of the issuer's public keys",
    ],
    [
      'customers.identity',
      { ...IDENTITY, sharedSecretArn: SECRET_ARN.slice(0, -7) },
      'expected the full ARN of the secret',
    ],
    [
      'customers.identity',
      { ...IDENTITY, sharedSecretArn: 'a secret that both know, of length' },
      'expected the full ARN of the secret',
    ],
    [
      'customers.identity',
      { ...IDENTITY, sharedSecretArn: SECRET_ARN, algorithms: ['none'] },
      'customers.identity.algorithms: unknown field; the fields here are issuer, audience',
    ],
    [
      'customers.identity',
      { audience: 'shop', sharedSecretArn: SECRET_ARN },
      'customers.identity.issuer: missing; expected the issuer exactly as its tokens name it',
    ],
    [
      'customers.identity',
      { ...IDENTITY, sharedSecretArn: SECRET_ARN, claims: { fields: { 'a b': 'c' } } },
      'expected an object of at most 20 names of profile fields',
    ],
    ['customers.idleMinutes', 1, 'idleMinutes: 1; expected a whole number of minutes, 2 to 10080'],
    ['customers.idleMinutes', 2.5, 'idleMinutes: 2.5; expected a whole number of minutes'],
    ['flex.timers.inactiveMinutes', 0, 'inactiveMinutes: 0; expected a whole number of minutes, 1'],
    ['flex.timers.closedMinutes', 9, 'closedMinutes: 9; expected a whole number of minutes, 10'],
    ['flex.timers.closedMinutes', 10.5, 'closedMinutes: 10.5; expected a whole number of minutes'],
    ['flex.timers', { closedMinutes: 60 }, 'expected closedMinutes above inactiveMinutes'],
    ['widget.hosting', 'yes', 'widget.hosting: "yes"; expected true or false'],
    [
      'widget.domain',
      { name: 'https://chat.example.com', certificateArn: CERTIFICATE },
      'widget.domain.name: "https://chat.example.com"; expected a host name that leads to',
    ],
    [
      'widget.domain',
      { name: 'chat.example.com', certificateArn: CERTIFICATE.replace('us-east-1', 'eu-west-1') },
      'expected the ARN of an ACM certificate for that name in us-east-1',
    ],
    ['customers.allowedOrigins', [], 'customers.allowedOrigins: []; expected a list of origins'],
    ['customers.allowNonBrowserClients', 'yes', 'allowNonBrowserClients: "yes"; expected true or'],
    ['customers.messagesPerMinute', 100_001, 'messagesPerMinute: 100001; expected a whole number'],
    ['customers.messagesPerMinute', 0, 'messagesPerMinute: 0; expected a whole number of messages'],
    ['customers.maxBodyBytes', 16_385, 'maxBodyBytes: 16385; expected a whole number of bytes'],
    ['operations.logRetentionDays', 31, 'logRetentionDays: 31; expected one of 1, 3, 5'],
    [
      'operations',
      { webhookIntake: 'http', webhookWebAclArn: WEB_ACL },
      'expected no such field with webhookIntake "http"',
    ],
    [
      'operations',
      { webhookIntake: 'http', webhookSources: ['203.0.113.0/24'] },
      'expected no such field with webhookIntake "http"',
    ],
    ['operations.webhookSources', [], 'operations.webhookSources: []; expected a list'],
    ['operations.webhookSources', ['203.0.113.7'], 'expected a list of 1 to 100 address blocks'],
    ['operations.webhookSources', ['203.0.113.7/33'], 'expected a list of 1 to 100'],
    ['operations.webhookSources', ['2001:db8::/129'], 'expected a list of 1 to 100'],
    ['operations.webhookSources', ['shop.example.com/24'], 'expected a list of 1 to 100'],
    [
      'operations.webhookWebAclArn',
      'arn:aws:wafv2:us-east-1:111122223333:global/webacl/chat/00000000-0000-0000-0000-000000000000',
      'expected the ARN of a regional web ACL',
    ],
    ['aws.account', '1111-2222-3333', 'expected the 12 digits'],
    ['aws.account', 111122223333, 'expected the 12 digits'],
    ['aws.region', 'Frankfurt', 'expected a region of AWS'],
    ['aws.tags', { 'aws:owner': 'me' }, 'expected up to 45 tags'],
    ['aws.tags', { owner: 'a;b' }, 'expected up to 45 tags'],
    ['aws.tags', { '': 'a' }, 'expected up to 45 tags'],
    ['aws.permissionsBoundary', 'developers', 'expected the ARN of a policy of IAM'],
    ['operations.maxConcurrency', 1, 'maxConcurrency: 1; expected a whole number'],
    ['operations.socketThrottle', { rateLimit: 1 }, 'socketThrottle.burstLimit: missing; expected'],
    ['operations.webhookUrl', 'http://flex.example.com', 'operations.webhookUrl: "http://flex'],
    [
      'operations.webhookUrl',
      'https://flex.example.com/',
      'webhookUrl: "https://flex.example.com/"',
    ],
    ['operations.webhookUrl', 'https://flex.example.com?a=1', 'webhookUrl: "https://flex.example'],
    ['operations.monitoring', 'yes', 'operations.monitoring: "yes"; expected true or false'],
    ['operations.alarms', {}, 'operations.alarms: {}; expected either {"topicArn": …}'],
    ['operations.alarms', { email: 'on-call' }, 'alarms.email: "on-call"; expected an e-mail'],
    ['operations.alarms', { topicArn: 'on-call' }, 'topicArn: "on-call"; expected the ARN of an'],
    [
      'operations.alarms',
      { email: 'a@example.com', topicArn: 'arn:aws:sns:eu-west-1:111122223333:x' },
      'expected either',
    ],
    [
      'alarms',
      {},
      'alarms: unknown field; the fields here are twilio, flex, customers, widget, aws, operations',
    ],
  ])('refuses %s %j by its path, with the cure', (path, value, message) => {
    expect(refusal(changed(path, value))).toContain(message);
  });

  test.each([
    'https://www.example.com/',
    'https://www.example.com/chat',
    'https://WWW.example.com',
    'https://www.example.com:443',
    'https://*.example.com',
    'http://www.example.com',
    'www.example.com',
    '*',
    'null',
  ])('refuses the origin %s, which no browser sends or no check could match', (origin) => {
    const message = refusal(changed('customers.allowedOrigins', [origin]));

    expect(message).toContain(`customers.allowedOrigins.0: "${origin}"; expected an origin`);
  });

  test('accepts a channel without browsers', () => {
    const config = changed('customers', { allowedOrigins: [], allowNonBrowserClients: true });

    expect(() => load(config)).not.toThrow();
  });

  test.each([
    ['flex.routing', { type: 'studio' }, 'flex.routing.flowSid'],
    ['flex.backEnd', 'programmable-chat', 'flex.flexFlowSid'],
  ])(
    'stops while %s %j lacks what provision makes, and names the command',
    (path, value, missing) => {
      expect(refusal(changed(path, value))).toContain(
        `${missing}: missing; run "npx flex-channel provision --stage prod", which writes it`,
      );
    },
  );

  test('accepts programmable-chat once its Flex Flow is there', () => {
    const config = changed('flex.backEnd', 'programmable-chat') as { flex: object };
    Object.assign(config.flex, { flexFlowSid: `FO${HEX}` });

    expect(() => load(config)).not.toThrow();
  });

  test('lists every problem at once', () => {
    const message = refusal({ twilio: {}, flex: {}, customers: {} });

    for (const path of [
      'twilio.accountSid',
      'twilio.workspaceSid',
      'flex.routing',
      'customers.a',
    ]) {
      expect(message).toContain(`\n  ${path}`);
    }
  });

  test('does not repeat what looks like an auth token', () => {
    const message = refusal(changed('twilio.accountSid', HEX));

    expect(message).toContain('twilio.accountSid: hidden');
    expect(message).not.toContain(HEX);
  });

  const API_SECRET = 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF';

  const STRING_FIELDS = [
    ...['twilio', 'twilio.accountSid', 'twilio.chatServiceSid', 'twilio.workspaceSid'],
    ...['flex', 'flex.backEnd', 'flex.routing', 'flex.routing.type', 'flex.routing.workflowSid'],
    ...['flex.routing.taskChannel', 'flex.flexFlowSid', 'flex.interactionWebhookTtid'],
    ...[
      'flex.names',
      'flex.names.agent',
      'flex.names.bot',
      'customers',
      'customers.allowedOrigins',
    ],
    ...['customers.allowedOrigins.0', 'customers.maxBodyBytes', 'operations.webhookUrl'],
    ...['operations', 'operations.socketThrottle.rateLimit', 'operations.logRetentionDays'],
  ];

  const SECRETS = {
    'an auth token': HEX,
    'an auth token in capitals': HEX.toUpperCase(),
    'the secret of an API key': API_SECRET,
    'a secret in a list': [API_SECRET],
    'a secret in an object': { authToken: API_SECRET },
    'a secret as the name of a field': { [API_SECRET]: 'keySecret' },
    'a secret with its variable': `TWILIO_AUTH_TOKEN=${HEX}`,
    'an address with a password': `https://me:${API_SECRET}@www.example.com`,
    'an address with a token': `https://www.example.com/?token=${API_SECRET}`,
    'an address with a secret path': `http://www.example.com/hooks/${API_SECRET}`,
    'a web token': `eyJhbGciOiJIUzI1NiJ9.${API_SECRET}.${API_SECRET}`,
  };

  test.each(
    STRING_FIELDS.flatMap((path) =>
      Object.entries(SECRETS).map(([name, secret]) => [path, name, secret] as const),
    ),
  )('repeats nothing of what stands in %s: %s', (path, _name, secret) => {
    const message = refusal(changed(path, secret));

    expect(message).not.toContain(HEX);
    expect(message).not.toContain(HEX.toUpperCase());
    expect(message).not.toContain(API_SECRET);
    expect(message).toContain(path.split('.')[0]);
  });

  test('repeats no secret that stands in the place of a field', () => {
    expect(refusal({ ...aConfig(), [API_SECRET]: 1 })).toContain(
      '(a name that may be a secret): unknown field; the fields here are twilio',
    );
  });

  test.each([
    ['{ "twilio": ', 'prod.json is not JSON: Unexpected end of JSON input', 'line 1'],
    [`{\n  "twilio": {},\n  "flex": ${API_SECRET}\n}`, "Unexpected token 'a'", 'line 3'],
    [`{\n  "twilio": [${'1,'.repeat(30)}\n"${API_SECRET}",\n]\n}`, 'Unexpected token', 'line 4'],
    [`{ "twilio": "${API_SECRET}`, 'Unterminated string', 'line 1'],
    [API_SECRET, "Unexpected token 'a'", 'line 1'],
  ])('tells broken JSON by its file and line, and repeats nothing: %j', (text, problem, line) => {
    const message = refusal(text);

    expect(message).toContain(problem);
    expect(message).toMatch(new RegExp(`, ${line}$`));
    expect(message).not.toContain(API_SECRET.slice(1));
    expect(message).not.toContain(API_SECRET.slice(0, 8));
  });

  test('names the stages there are when none is given', () => {
    expect(refusal(aConfig(), {})).toContain('Pass -c stage=<name>; there is prod');
  });

  test('names the stages there are when the given one is not among them', () => {
    expect(refusal(aConfig(), { stage: 'test' })).toMatch(
      /test\.json does not exist; there is prod/,
    );
  });

  test.each(['../prod', 'my stage', ''])('refuses the stage name %j', (stage) => {
    expect(refusal(aConfig(), { stage })).toContain("can't name a stage");
  });

  test('reads another file for the local stage when its path is given', () => {
    writeFileSync(join(folder, 'other.json'), JSON.stringify(aConfig()));

    const { stage } = load(aConfig(), { config: join(folder, 'other.json') });

    expect(stage).toBe('local');
  });

  test('names the file in the command that cures it when the file was given by its path', () => {
    const path = join(folder, 'elsewhere.json');
    writeFileSync(path, JSON.stringify(changed('flex.routing', { type: 'studio' })));

    const message = refusal(aConfig(), { config: path });

    expect(message).toContain(`run "npx flex-channel provision --config ${path}"`);
  });

  test('accepts the configuration of the local stack', () => {
    expect(() => loadConfig((key) => (key === 'stage' ? 'local' : undefined))).not.toThrow();
  });

  test('has an example that is wrong in its placeholders only', () => {
    const example = JSON.parse(readFileSync('config/example.json', 'utf8'));

    const [, ...problems] = refusal(example).split('\n');

    expect(problems).toHaveLength(4);
    for (const problem of problems) expect(problem).toMatch(/Sid: "[A-Z]{2}x{32}"/);
  });
});

describe('readConfig', () => {
  test('takes a configuration that still lacks what provision makes', () => {
    const config = changed('flex.routing', { type: 'studio' });
    writeFileSync(join(folder, 'new.json'), JSON.stringify(config));

    const { flex } = readConfig(locateConfig('new', undefined, folder), folder);

    expect(flex.routing).toEqual({ type: 'studio' });
  });
});
