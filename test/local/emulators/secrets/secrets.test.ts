import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Resource } from '#local/assembly/assembly';
import { createSecrets } from '#local/emulators/secrets/secrets';
import { awsCall, serveAws } from '#test/support/aws-endpoint';
import { ManualClock } from '#test/support/manual-clock';
import { anAssembly, aResource, countingRandom } from '#test/support/queue-fixtures';

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:SessionKey-1-a1B2c3';
const NAME = 'SessionKey-1';

const create = (properties: Resource['properties']) =>
  createSecrets(anAssembly(aResource('AWS::SecretsManager::Secret', ARN, properties)), {
    clock: new ManualClock(),
  });

describe('createSecrets', () => {
  test('finds in its file what an earlier process made up or set', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'secrets-')), 'secrets.json');
    const resource = aResource('AWS::SecretsManager::Secret', ARN, { GenerateSecretString: {} });
    const start = () => createSecrets(anAssembly(resource), { file });
    const first = start().get(ARN);
    const again = start();
    const second = again.get(ARN);

    again.set(ARN, 'by hand');

    expect(second).toBe(first);
    expect(start().get(ARN)).toBe('by hand');
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  test('generates a password of the asked length and kinds', () => {
    const secrets = create({
      GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
    });

    expect(secrets.get(ARN)).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9]{64}$/);
  });

  test('puts the password into a template under its key', () => {
    const secrets = create({
      GenerateSecretString: {
        SecretStringTemplate: '{"keySid":""}',
        GenerateStringKey: 'keySecret',
      },
    });

    expect(JSON.parse(secrets.get(ARN) ?? '')).toEqual({
      keySid: '',
      keySecret: expect.stringMatching(/^[\x21-\x7e]{32}$/),
    });
  });

  test('leaves out what is excluded', () => {
    const secrets = create({
      GenerateSecretString: {
        PasswordLength: 4_096,
        ExcludeLowercase: true,
        ExcludeUppercase: true,
        ExcludePunctuation: true,
        ExcludeCharacters: '0123456',
        IncludeSpace: true,
      },
    });

    expect(new Set(secrets.get(ARN))).toEqual(new Set([' ', '7', '8', '9']));
  });

  test('takes each kind at least once, unless told not to', () => {
    const smallest = create({ GenerateSecretString: { PasswordLength: 4 } }).get(ARN) ?? '';

    expect([/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].every((kind) => kind.test(smallest))).toBe(
      true,
    );
    expect(() => create({ GenerateSecretString: { PasswordLength: 3 } })).toThrow('no password');
  });

  test('draws from the randomness it is given', () => {
    const assembly = anAssembly(
      aResource('AWS::SecretsManager::Secret', ARN, { GenerateSecretString: {} }),
    );

    const [one, same] = [1, 2].map(() =>
      createSecrets(assembly, { random: countingRandom() }).get(ARN),
    );

    expect(one).toBe(same);
    expect(createSecrets(assembly).get(ARN)).not.toBe(createSecrets(assembly).get(ARN));
  });

  test('takes a value that the template gives', () => {
    expect(create({ SecretString: 'given' }).get(ARN)).toBe('given');
  });

  test.each([
    [{ ReplicaRegions: [] }, 'ReplicaRegions is not emulated'],
    [{ GenerateSecretString: { Length: 3 } }, 'Length is not emulated'],
    [{ GenerateSecretString: { GenerateStringKey: 'key' } }, 'together'],
  ])('refuses %j', (properties, reason) => {
    expect(() => create(properties)).toThrow(reason);
  });

  test('replaces a value, and knows no other secrets', () => {
    const secrets = create({ SecretString: 'old' });

    secrets.set(ARN, 'new');

    expect(secrets.get(ARN)).toBe('new');
    expect(() => secrets.set('arn:other', 'x')).toThrow('no secret arn:other');
  });
});

describe('through the SDK', () => {
  const secrets = create({ SecretString: 'first' });
  const empty = create({});
  let endpoint: Awaited<ReturnType<typeof serveAws>>;
  let client: SecretsManagerClient;

  beforeAll(async () => {
    endpoint = await serveAws(secrets.service);
    client = new SecretsManagerClient(endpoint.client);
  });

  beforeEach(() => secrets.set(ARN, 'first'));

  afterAll(async () => {
    client.destroy();
    await endpoint.close();
  });

  const get = (
    parameters: { VersionId?: string | undefined; VersionStage?: string } = {},
    SecretId = ARN,
  ) => client.send(new GetSecretValueCommand({ SecretId, ...parameters }));
  const put = (SecretString: string, ClientRequestToken?: string) =>
    client.send(new PutSecretValueCommand({ SecretId: ARN, SecretString, ClientRequestToken }));

  test.each([ARN, ARN.slice(0, -7), NAME])('reads the current value of %s', async (id) => {
    const answer = await get({}, id);

    expect(answer).toMatchObject({
      ARN,
      Name: NAME,
      SecretString: 'first',
      VersionStages: ['AWSCURRENT'],
      CreatedDate: new Date(new ManualClock().now()),
    });
  });

  test('sets a value and keeps the one before', async () => {
    const { VersionId, VersionStages } = await put('second');

    const current = await get();
    const previous = await get({ VersionStage: 'AWSPREVIOUS' });
    const byId = await get({ VersionId });

    expect(VersionStages).toEqual(['AWSCURRENT']);
    expect([current, previous, byId].map(({ SecretString }) => SecretString)).toEqual([
      'second',
      'first',
      'second',
    ]);
  });

  test('takes the same token again only with the same value', async () => {
    const token = 'a1b2c3d4-0000-4000-8000-000000000001';
    const first = await put('second', token);

    const repeated = await put('second', token);

    expect(repeated).toMatchObject({ VersionId: first.VersionId, VersionStages: ['AWSCURRENT'] });
    expect((await get({ VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('first');
    await expect(put('third', token)).rejects.toMatchObject({ name: 'ResourceExistsException' });
  });

  test.each([
    ['an unknown secret', () => get({}, 'Other')],
    ['an unknown version', () => get({ VersionId: 'a1b2c3d4-0000-4000-8000-00000000ffff' })],
    ['an unknown stage', () => get({ VersionStage: 'PENDING' })],
  ])('says ResourceNotFoundException to %s', async (_, reading) => {
    await expect(reading()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('says ResourceNotFoundException to a secret that never got a value', async () => {
    const call = awsCall('secretsmanager.GetSecretValue', { SecretId: ARN });

    const { status, body } = await empty.service.handle(call);

    expect(status).toBe(400);
    expect(JSON.parse(String(body))).toMatchObject({
      __type: 'ResourceNotFoundException',
      message: expect.stringContaining('AWSCURRENT'),
    });
  });

  test.each(['', 'x'.repeat(65_537)])(
    'refuses a value that is empty or too large',
    async (value) => {
      await expect(put(value)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    },
  );

  test('refuses parameters that it would pass over', async () => {
    const command = new PutSecretValueCommand({
      SecretId: ARN,
      SecretString: 'x',
      VersionStages: ['PENDING'],
    });

    await expect(client.send(command)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('permissionFor', () => {
  const { service } = create({ SecretString: 'x' });

  test.each([ARN, NAME, ARN.slice(0, -7)])('names the whole ARN for %s', (SecretId) => {
    const asked = service.permissionFor(awsCall('secretsmanager.GetSecretValue', { SecretId }));

    expect(asked).toEqual({ action: 'secretsmanager:GetSecretValue', resource: ARN });
  });

  test('names a secret that does not exist, so that a role decides about it first', () => {
    const call = awsCall('secretsmanager.PutSecretValue', { SecretId: 'Other' });

    expect(service.permissionFor(call)).toEqual({
      action: 'secretsmanager:PutSecretValue',
      resource: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Other',
    });
  });

  test('knows nothing else', () => {
    expect(service.permissionFor(awsCall('secretsmanager.ListSecrets', {}))).toBeUndefined();
    expect(service.permissionFor(awsCall('AmazonSQS.GetSecretValue', {}))).toBeUndefined();
  });
});
