import { createDisplayNames } from '#adapters/twilio/flex/display-names';
import { answer, fault, type Script, scriptedTwilio } from '../scripted-twilio.ts';

const CONFIG = { workspaceSid: 'WS1', names: { agent: 'Agent', bot: 'Assistant' } };
const WORKERS = 'GET taskrouter.twilio.com/v1/Workspaces/WS1/Workers';
const IDENTITY = 'ann_40example_2Ecom';

interface Person {
  readonly friendlyName?: string;
  readonly ofUser?: unknown;
  readonly ofWorker?: unknown;
  readonly script?: Script;
}

/** An agent with these attributes of user and worker. */
function anAgent({ friendlyName = 'Ann Lee', ofUser = {}, ofWorker = {}, script }: Person = {}) {
  const worker = { friendly_name: 'ann@example.com', attributes: JSON.stringify(ofWorker) };
  const { rest, requests } = scriptedTwilio({
    [WORKERS]: answer({ workers: [worker] }),
    ...script,
  });
  const user = { friendlyName, attributes: JSON.stringify(ofUser) };
  return { names: createDisplayNames(rest, CONFIG, async () => user), requests };
}

describe('createDisplayNames', () => {
  test('shows an agent by the friendly name of the user', async () => {
    const { names, requests } = anAgent({ friendlyName: ' Ann\n Lee ' });

    expect(await names.findName(IDENTITY)).toBe('Ann Lee');
    expect(requests[0]?.form).toMatchObject({ FriendlyName: 'ann@example.com' });
  });

  test.each(['\u3164', '\u2800 \u2800', '\uffa0', '\u034f\u115f'])(
    'shows no name that shows nothing: %j',
    async (name) => {
      const blank = anAgent({ friendlyName: name }).names;
      const chosen = anAgent({ ofWorker: { public_identity: name } }).names;

      expect(await blank.findName(IDENTITY)).toBe('');
      expect(await chosen.findName(IDENTITY)).toBe('Ann Lee');
    },
  );

  test('uses the configured names where Flex names nobody', () => {
    const { names } = anAgent();

    expect(names.fallbackName('agent')).toBe('Agent');
    expect(names.fallbackName('bot')).toBe('Assistant');
  });

  test.each([
    ['of the worker', { ofWorker: { public_identity: 'Bee' }, ofUser: { public_identity: 'Cee' } }],
    ['of the user', { ofUser: { public_identity: 'Bee' } }],
    [
      'of the user, if that of the worker is blank',
      { ofWorker: { public_identity: ' ' }, ofUser: { public_identity: 'Bee' } },
    ],
    [
      'of the user, if the worker can not be read',
      { ofUser: { public_identity: 'Bee' }, script: { [WORKERS]: fault(403, 20403) } },
    ],
    [
      'of the user, if there is no such workspace',
      { ofUser: { public_identity: 'Bee' }, script: { [WORKERS]: fault(404, 20404) } },
    ],
  ] as const)('shows the public identity %s instead of the full name', async (_of, person) => {
    expect(await anAgent(person).names.findName(IDENTITY)).toBe('Bee');
  });

  test.each([503, 429])(
    'shows no full name while the worker can not be asked (%d)',
    async (status) => {
      const { names } = anAgent({ script: { [WORKERS]: fault(status, 20_000 + status) } });

      await expect(names.findName(IDENTITY)).rejects.toMatchObject({ retryable: true });
    },
  );

  test.each([
    ['no text', 7],
    ['no attributes', undefined],
  ])('passes over a public identity that is %s', async (_what, publicIdentity) => {
    const { names } = anAgent({ ofWorker: { public_identity: publicIdentity } });

    expect(await names.findName(IDENTITY)).toBe('Ann Lee');
  });

  test.each(['', '{', 'null', '[]', '"x"'])(
    'passes over attributes that are %j',
    async (attributes) => {
      const worker = { friendly_name: 'ann@example.com', attributes };
      const { names } = anAgent({ script: { [WORKERS]: answer({ workers: [worker] }) } });

      expect(await names.findName(IDENTITY)).toBe('Ann Lee');
    },
  );

  test('knows the worker of an identity by the attribute that names it', async () => {
    const workers = [
      {
        friendly_name: 'ann@example.com',
        attributes: '{"contact_uri":"client:other","public_identity":"Other"}',
      },
      {
        friendly_name: 'Ann',
        attributes: `{"contact_uri":"client:${IDENTITY}","public_identity":"Bee"}`,
      },
    ];
    const { names } = anAgent({ script: { [WORKERS]: answer({ workers }) } });

    expect(await names.findName(IDENTITY)).toBe('Bee');
  });

  test('does not use the public identity of a worker with the same name', async () => {
    const worker = { friendly_name: 'bob@example.com', attributes: '{"public_identity":"Bob"}' };
    const { names } = anAgent({ script: { [WORKERS]: answer({ workers: [worker] }) } });

    expect(await names.findName(IDENTITY)).toBe('Ann Lee');
  });

  test.each([
    ['nothing', ''],
    ['what can not be seen', '\u200b\u2060'],
    ['the identity', 'ann_40example_2Ecom'],
    ['the identity in other letters', 'ANN_40EXAMPLE_2ECOM'],
    ['the identity, decoded', 'ann@example.com'],
    ['an encoded identity of somebody', 'bob_2Esmith'],
    ['an e-mail address', 'support@example.com'],
    ['an e-mail address with a full-width sign', 'support\uff20example.com'],
    ['an e-mail address with a small sign', 'support\ufe6bexample.com'],
    ['an e-mail address with an invisible character', 'support\u200b@example.com'],
    ['an e-mail address, percent-encoded', 'support%40example.com'],
    ['an e-mail address in HTML', 'support&#64;example.com'],
    ['an e-mail address spelt out', 'support (at) example.com'],
  ])('never shows %s', async (_what, name) => {
    expect(await anAgent({ friendlyName: name }).names.findName(IDENTITY)).toBe('');
    const chosen = { ofWorker: { public_identity: name } };
    expect(await anAgent(chosen).names.findName(IDENTITY)).toMatch(/^(Ann Lee)?$/);
  });

  test('shows no full name for a public identity that is an address', async () => {
    const { names } = anAgent({ ofWorker: { public_identity: 'support@example.com' } });

    expect(await names.findName(IDENTITY)).toBe('');
  });

  test('never shows an identity that needs no encoding', async () => {
    expect(await anAgent({ friendlyName: 'ann' }).names.findName('ann')).toBe('');
  });

  test('shows a hundred characters at most, and no half ones', async () => {
    const name = await anAgent({ friendlyName: '😀'.repeat(200) }).names.findName(IDENTITY);

    expect(name).toBe('😀'.repeat(100));
  });
});
