import { LOCAL_ACCOUNT } from '#local/assembly/assembly';
import { arn } from '#local/assembly/physical-ids';
import type { Clock } from '#local/clock';
import type { AwsAnswer, AwsPermission, AwsRequest, AwsService } from '../aws/aws-service.ts';
import { type JsonCall, JsonProtocol, type Parameters } from '../aws/json-protocol.ts';
import type { LocalQueue } from './local-queue.ts';
import { optionalText, refuseOthers, requiredText } from './parameters.ts';
import { QUEUE_ACTIONS } from './queue-actions.ts';
import { queueNameIn } from './queue-settings.ts';
import { noSuchQueue, SqsError } from './sqs-error.ts';

const PROTOCOL = new JsonProtocol('AmazonSQS', '1.0');

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
    const call = PROTOCOL.read(request);
    if (call === undefined) return undefined;
    const action = permissionOf(call.action);
    return action === undefined ? undefined : { action, resource: arn('sqs', queueName(call)) };
  }

  async handle(request: AwsRequest): Promise<AwsAnswer> {
    try {
      return PROTOCOL.answer(await this.#run(PROTOCOL.read(request)));
    } catch (error) {
      if (error instanceof SqsError) return refusal(error);
      throw error;
    }
  }

  #run(call: JsonCall | undefined): object {
    const { action, parameters } = call ?? { action: '', parameters: {} };
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

const permissionOf = (action: string): string | undefined =>
  action === 'GetQueueUrl' ? 'sqs:GetQueueUrl' : QUEUE_ACTIONS[action]?.permission;

/** Without a name, no role's statement about a queue matches. */
function queueName({ action, parameters }: JsonCall): string {
  const value = parameters[action === 'GetQueueUrl' ? 'QueueName' : 'QueueUrl'];
  return typeof value === 'string' ? queueNameIn(value) : '';
}

function refusal({ shape, queryCode, message }: SqsError): AwsAnswer {
  const headers = { 'x-amzn-query-error': `${queryCode};Sender` };
  return PROTOCOL.error(`com.amazonaws.sqs#${shape}`, message, { headers });
}
