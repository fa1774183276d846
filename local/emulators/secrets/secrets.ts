import { type Assembly, type Resource, resourcesOf } from '#local/assembly/assembly';
import { type Clock, systemClock } from '#local/clock';
import { type RandomBytes, randomUuid, systemRandom } from '#local/random';
import type { AwsService } from '../aws/aws-service.ts';
import { Secret } from './secret.ts';
import { generateSecretString } from './secret-string.ts';
import { SecretsService } from './secrets-service.ts';

export interface SecretsOptions {
  readonly clock?: Clock;
  readonly random?: RandomBytes;
}

/** All secrets of an assembly. */
export interface Secrets {
  /** What the front door passes calls to. */
  readonly service: AwsService;
  /** @returns undefined for a secret that never got a value. */
  get(secretArn: string): string | undefined;
  /** Gives a secret a new current value. */
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
  const { clock = systemClock, random = systemRandom } = options;
  const put = (secret: Secret, value: string) =>
    secret.put({ id: randomUuid(random), value, createdAtMs: clock.now() });
  const secrets = resourcesOf(assembly, 'AWS::SecretsManager::Secret').map((resource) => {
    const secret = new Secret(resource.physicalId);
    const value = initialValue(resource, random);
    if (value !== undefined) put(secret, value);
    return secret;
  });
  const byArn = (secretArn: string): Secret => {
    const secret = secrets.find(({ arn }) => arn === secretArn);
    if (secret === undefined) throw new Error(`there is no secret ${secretArn}`);
    return secret;
  };
  return {
    service: new SecretsService(secrets, clock, random),
    get: (secretArn) => byArn(secretArn).version({})?.value,
    set: (secretArn, value) => put(byArn(secretArn), value),
  };
}

function initialValue({ properties, logicalId }: Resource, random: RandomBytes) {
  const unknown = Object.keys(properties).filter((name) => !KNOWN.has(name));
  if (unknown.length > 0) {
    throw new Error(`secret ${logicalId}: ${unknown.join(', ')} is not emulated`);
  }
  const { SecretString: given, GenerateSecretString: generator } = properties;
  return generator === undefined ? given : generateSecretString(generator, random);
}
