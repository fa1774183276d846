import { LOCAL_ACCOUNT } from '#local/assembly/assembly';
import { arn } from '#local/assembly/physical-ids';
import type { Clock } from '#local/clock';
import type { AwsAnswer, AwsPermission, AwsRequest, AwsService } from '../aws/aws-service.ts';
import type { LocalQueue } from './local-queue.ts';
import { optionalText, type Parameters, refuseOthers, requiredText } from './parameters.ts';
import { QUEUE_ACTIONS } from './queue-actions.ts';
import { queueNameIn } from './queue-name.ts';
import { noSuchQueue, SqsError } from './sqs-error.ts';

const TARGET = 'AmazonSQS.';

/** SQS in its JSON protocol. Source: SQS developer guide, "Making API requests". */
export class SqsService implements AwsService {
  readonly name = 'sqs';
  readonly #queues: ReadonlyMap<string, LocalQueue>;
  readonly #clock: Clock;

  /** @param queues by name. */
  constructor(queues: ReadonlyMap<string, LocalQueue>, clock: Clock) {
    this.#queues = queues;
    this.#clock = clock;
  }

  permissionFor(request: AwsRequest): AwsPermission | undefined {
    const action = actionOf(request);
    const parameters = parse(request);
    if (action === undefined || parameters === undefined) return undefined;
    const permission =
      action === 'GetQueueUrl' ? 'sqs:GetQueueUrl' : QUEUE_ACTIONS[action]?.permission;
    if (permission === undefined) return undefined;
    return { action: permission, resource: arn('sqs', queueName(action, parameters)) };
  }

  async handle(request: AwsRequest): Promise<AwsAnswer> {
    try {
      const answer = await this.#run(actionOf(request) ?? '', parse(request) ?? {});
      return { status: 200, headers: JSON_HEADERS, body: JSON.stringify(answer) };
    } catch (error) {
      if (error instanceof SqsError) return refusal(error);
      throw error;
    }
  }

  #run(action: string, parameters: Parameters): unknown {
    if (action === 'GetQueueUrl') return this.#getQueueUrl(parameters);
    const url = requiredText(parameters, 'QueueUrl');
    const queueAction = QUEUE_ACTIONS[action];
    if (queueAction === undefined) {
      throw new SqsError('InvalidAction', 'InvalidAction', `The action ${action} is not known.`);
    }
    return queueAction.run(this.#queue(queueNameIn(url)), parameters, this.#clock);
  }

  #getQueueUrl(parameters: Parameters): { QueueUrl: string } {
    refuseOthers(parameters, ['QueueName', 'QueueOwnerAWSAccountId']);
    const owner = optionalText(parameters, 'QueueOwnerAWSAccountId') ?? LOCAL_ACCOUNT;
    if (owner !== LOCAL_ACCOUNT) throw noSuchQueue();
    return { QueueUrl: this.#queue(requiredText(parameters, 'QueueName')).settings.url };
  }

  #queue(name: string): LocalQueue {
    const queue = this.#queues.get(name);
    if (queue === undefined) throw noSuchQueue();
    return queue;
  }
}

const JSON_HEADERS = { 'content-type': 'application/x-amz-json-1.0' };

function actionOf({ method, headers }: AwsRequest): string | undefined {
  const target = headers['x-amz-target'] ?? '';
  const isCall = method === 'POST' && target.startsWith(TARGET);
  return isCall ? target.slice(TARGET.length) : undefined;
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

/** Without a name, no role's statement about a queue matches. */
function queueName(action: string, parameters: Parameters): string {
  const value = parameters[action === 'GetQueueUrl' ? 'QueueName' : 'QueueUrl'];
  return typeof value === 'string' ? queueNameIn(value) : '';
}

function refusal({ shape, queryCode, message }: SqsError): AwsAnswer {
  return {
    status: 400,
    headers: { ...JSON_HEADERS, 'x-amzn-query-error': `${queryCode};Sender` },
    body: JSON.stringify({ __type: `com.amazonaws.sqs#${shape}`, message }),
  };
}
