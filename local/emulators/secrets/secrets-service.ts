import { arn } from '#local/assembly/physical-ids';
import type { Clock } from '#local/clock';
import { type RandomBytes, randomUuid } from '#local/random';
import type { AwsAnswer, AwsPermission, AwsRequest, AwsService } from '../aws/aws-service.ts';
import { JsonProtocol, type Parameters } from '../aws/json-protocol.ts';
import type { Secret } from './secret.ts';

const PROTOCOL = new JsonProtocol('secretsmanager', '1.1');
const ACTIONS = ['GetSecretValue', 'PutSecretValue'] as const;
type Action = (typeof ACTIONS)[number];

const MAX_SECRET_BYTES = 65_536;

/** A refusal in the words of Secrets Manager. */
class SecretsError extends Error {
  override readonly name = 'SecretsError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

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
    const call = readCall(request);
    if (call === undefined) return undefined;
    const id = String(call.parameters['SecretId'] ?? '');
    const known = this.#secrets.find((secret) => secret.answersTo(id));
    const unknown = id.startsWith('arn:') ? id : arn('secretsmanager', `secret:${id}`);
    return { action: `secretsmanager:${call.action}`, resource: known?.arn ?? unknown };
  }

  async handle(request: AwsRequest): Promise<AwsAnswer> {
    try {
      return PROTOCOL.answer(this.#run(readCall(request)));
    } catch (error) {
      if (!(error instanceof SecretsError)) throw error;
      return PROTOCOL.error(error.code, error.message);
    }
  }

  #run(call: ReturnType<typeof readCall>): object {
    if (call === undefined) throw new SecretsError('InvalidAction', 'not emulated');
    const { action, parameters } = call;
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

/** @returns undefined for what is not emulated. */
function readCall(request: AwsRequest) {
  const call = PROTOCOL.read(request);
  const action = ACTIONS.find((known) => known === call?.action);
  return call && action && { action, parameters: call.parameters };
}

function text(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new SecretsError('InvalidParameterException', `${name} must be a string.`);
}
