import { arn } from '#local/assembly/physical-ids';
import type { Clock } from '#local/clock';
import { type RandomBytes, randomUuid } from '#local/random';
import type { AwsAnswer, AwsPermission, AwsRequest, AwsService } from '../aws/aws-service.ts';
import type { Secret } from './secret.ts';
import { SecretsError } from './secrets-error.ts';

const TARGET = 'secretsmanager.';
const ACTIONS = ['GetSecretValue', 'PutSecretValue'] as const;
type Action = (typeof ACTIONS)[number];
type Parameters = Readonly<Record<string, unknown>>;

const MAX_SECRET_BYTES = 65_536;

/** Parameters that are read; any other is refused rather than passed over. */
const KNOWN: Readonly<Record<Action, readonly string[]>> = {
  GetSecretValue: ['SecretId', 'VersionId', 'VersionStage'],
  PutSecretValue: ['SecretId', 'ClientRequestToken', 'SecretString'],
};

/** Reading and setting secrets. Source: Secrets Manager API reference. */
export class SecretsService implements AwsService {
  readonly name = 'secretsmanager';
  readonly #secrets: readonly Secret[];
  readonly #clock: Clock;
  readonly #random: RandomBytes;
  readonly #keep: () => void;

  /** @param keep called after each change. */
  constructor(secrets: readonly Secret[], clock: Clock, random: RandomBytes, keep: () => void) {
    this.#secrets = secrets;
    this.#clock = clock;
    this.#random = random;
    this.#keep = keep;
  }

  permissionFor(request: AwsRequest): AwsPermission | undefined {
    const action = actionOf(request);
    const parameters = parse(request);
    if (action === undefined || parameters === undefined) return undefined;
    const id = String(parameters['SecretId'] ?? '');
    const known = this.#secrets.find((secret) => secret.answersTo(id));
    const unknown = id.startsWith('arn:') ? id : arn('secretsmanager', `secret:${id}`);
    return { action: `secretsmanager:${action}`, resource: known?.arn ?? unknown };
  }

  async handle(request: AwsRequest): Promise<AwsAnswer> {
    try {
      const answer = this.#run(actionOf(request), parse(request) ?? {});
      return json(200, answer);
    } catch (error) {
      if (!(error instanceof SecretsError)) throw error;
      return json(400, { __type: error.code, message: error.message });
    }
  }

  #run(action: Action | undefined, parameters: Parameters): object {
    if (action === undefined) throw new SecretsError('InvalidAction', 'not emulated');
    const other = Object.keys(parameters).find((name) => !KNOWN[action].includes(name));
    if (other !== undefined) {
      throw new SecretsError('InvalidParameterException', `${other} is not emulated locally.`);
    }
    const secret = this.#find(text(parameters, 'SecretId') ?? '');
    return action === 'GetSecretValue'
      ? getValue(secret, parameters)
      : this.#putValue(secret, parameters);
  }

  #find(id: string): Secret {
    const secret = this.#secrets.find((candidate) => candidate.answersTo(id));
    if (secret === undefined) {
      throw new SecretsError(
        'ResourceNotFoundException',
        "Secrets Manager can't find the specified secret.",
      );
    }
    return secret;
  }

  /** The same token again means the same value again; a second value for it is refused. */
  #putValue(secret: Secret, parameters: Parameters): object {
    const value = text(parameters, 'SecretString');
    if (!value || Buffer.byteLength(value) > MAX_SECRET_BYTES) {
      throw new SecretsError(
        'InvalidParameterException',
        `SecretString has 1 to ${MAX_SECRET_BYTES} bytes.`,
      );
    }
    const id = text(parameters, 'ClientRequestToken') ?? randomUuid(this.#random);
    const existing = secret.version({ id });
    if (existing !== undefined && existing.value !== value) {
      throw new SecretsError(
        'ResourceExistsException',
        `A resource with the ID ${id} already exists.`,
      );
    }
    const version = existing ?? { id, value, createdAtMs: this.#clock.now() };
    if (existing === undefined) {
      secret.put(version);
      this.#keep();
    }
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: id,
      VersionStages: secret.stagesOf(version),
    };
  }
}

function getValue(secret: Secret, parameters: Parameters): object {
  const id = text(parameters, 'VersionId');
  const stage = text(parameters, 'VersionStage');
  const version = secret.version({
    ...(id !== undefined && { id }),
    ...(stage !== undefined && { stage }),
  });
  if (version === undefined) {
    const label = id === undefined ? `staging label: ${stage ?? 'AWSCURRENT'}` : `VersionId: ${id}`;
    throw new SecretsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${label}`,
    );
  }
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    SecretString: version.value,
    VersionStages: secret.stagesOf(version),
    CreatedDate: version.createdAtMs / 1_000,
  };
}

function actionOf({ method, headers }: AwsRequest): Action | undefined {
  return ACTIONS.find(
    (action) => method === 'POST' && headers['x-amz-target'] === `${TARGET}${action}`,
  );
}

/** @returns undefined for a body that is not a JSON object. */
function parse({ body }: AwsRequest): Parameters | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Parameters) : undefined;
  } catch {
    return undefined;
  }
}

function text(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new SecretsError('InvalidParameterException', `${name} must be a string.`);
}

function json(status: number, value: object): AwsAnswer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(value),
  };
}
