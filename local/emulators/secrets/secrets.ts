import { type Assembly, type Resource, resourcesOf } from '#local/assembly/assembly';
import { type Clock, systemClock } from '#local/clock';
import { readJsonFile, writeJsonFile } from '#local/json-file';
import { type RandomBytes, randomUuid, systemRandom } from '#local/random';
import type { AwsService } from '../aws/aws-service.ts';
import { Secret, type SecretVersions } from './secret.ts';
import { generateSecretString } from './secret-string.ts';
import { SecretsService } from './secrets-service.ts';

/** By ARN. */
type KeptSecrets = Readonly<Record<string, SecretVersions>>;

export interface SecretsOptions {
  /** Keeps values between runs, also those that were made up; by default they end with the process. */
  readonly file?: string | undefined;
  readonly clock?: Clock;
  readonly random?: RandomBytes;
}

/** All secrets of an assembly. */
export interface Secrets {
  /** What the front door passes calls to. */
  readonly service: AwsService;
  /** @returns undefined for a secret that never got a value. */
  get(secretArn: string): string | undefined;
  /** Gives a secret a new current value, unless it has this one. */
  set(secretArn: string, value: string): void;
}

/** Description, encryption and tags have no effect here. */
const KNOWN = new Set([
  'Description',
  'GenerateSecretString',
  'KmsKeyId',
  'Name',
  'SecretString',
  'Tags',
]);

/** Makes each secret with the value that CloudFormation would give it. */
export function createSecrets(assembly: Assembly, options: SecretsOptions = {}): Secrets {
  const { clock = systemClock, random = systemRandom, file } = options;
  const kept: KeptSecrets = (file !== undefined && readJsonFile<KeptSecrets>(file)) || {};
  const put = (secret: Secret, value: string) =>
    secret.put({ id: randomUuid(random), value, createdAtMs: clock.now() });
  const secrets = resourcesOf(assembly, 'AWS::SecretsManager::Secret').map((resource) => {
    const secret = new Secret(resource.physicalId, kept[resource.physicalId]);
    const value = initialValue(resource, random);
    if (value !== undefined && secret.versions === undefined) put(secret, value);
    return secret;
  });
  const keep = () => {
    if (file !== undefined) writeJsonFile(file, versionsOf(secrets));
  };
  keep();
  const byArn = (secretArn: string): Secret => {
    const secret = secrets.find(({ arn }) => arn === secretArn);
    if (secret === undefined) throw new Error(`there is no secret ${secretArn}`);
    return secret;
  };
  return {
    service: new SecretsService(secrets, clock, random, keep),
    get: (secretArn) => byArn(secretArn).version({})?.value,
    set: (secretArn, value) => {
      const secret = byArn(secretArn);
      if (secret.version({})?.value === value) return;
      put(secret, value);
      keep();
    },
  };
}

function versionsOf(secrets: readonly Secret[]): KeptSecrets {
  return Object.fromEntries(
    secrets.flatMap(({ arn, versions }) => (versions ? [[arn, versions]] : [])),
  );
}

function initialValue({ properties, logicalId }: Resource, random: RandomBytes) {
  const unknown = Object.keys(properties).filter((name) => !KNOWN.has(name));
  if (unknown.length > 0) {
    throw new Error(`secret ${logicalId}: ${unknown.join(', ')} is not emulated`);
  }
  const { SecretString: given, GenerateSecretString: generator } = properties;
  return generator === undefined ? given : generateSecretString(generator, random);
}
