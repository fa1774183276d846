import * as v from 'valibot';
import type { Clock } from '../../clock.ts';
import { count, faultPlan, fields, milliseconds } from '../fault-plan.ts';
import type { AwsAnswer, AwsRequest, AwsService } from './aws-service.ts';
import { JsonProtocol } from './json-protocol.ts';

/** What a service may answer with, as its SDK names it, and the status. */
const ERRORS = {
  dynamodb: {
    ProvisionedThroughputExceededException: 400,
    ThrottlingException: 400,
    InternalServerError: 500,
    ServiceUnavailable: 503,
  },
  sqs: { RequestThrottled: 403, InternalFailure: 500, ServiceUnavailable: 503 },
  secretsmanager: { ThrottlingException: 400, InternalServiceError: 500 },
} as const;

type FaultyService = keyof typeof ERRORS;

/** One kind of fault of a service. The next `count` calls are struck: all, or those of one action. */
function planSchema(codes: readonly string[]) {
  return fields({
    count,
    /** As IAM names it: `PutItem`, also for batches. */
    action: v.optional(
      v.pipe(v.string(), v.regex(/^[A-Za-z]+$/, 'expected the name of an action')),
    ),
    /** What the call is answered with; absent: as usual, only late. */
    error: v.optional(v.picklist(codes, `expected one of ${codes.join(', ')}`)),
    /** The call is carried out before the error is told, as a failed call may have been. */
    afterCommit: v.optional(v.boolean()),
    delayMs: v.optional(milliseconds),
  });
}

type Plan = v.InferOutput<ReturnType<typeof planSchema>>;

/** The faults of one service, between the front door and the service. Off until set. */
export class ServiceFaults {
  readonly #service: AwsService;
  readonly #errors: Readonly<Record<string, number>>;
  readonly #clock: Clock;
  #plan: Plan | undefined;
  #left = 0;

  /** @param service one of those whose errors are known. */
  constructor(service: AwsService, clock: Clock) {
    this.#service = service;
    this.#errors = ERRORS[service.name as FaultyService];
    this.#clock = clock;
  }

  /** The service, struck by the faults. */
  get service(): AwsService {
    const service = this.#service;
    return {
      name: service.name,
      permissionFor: (request) => service.permissionFor(request),
      handle: (request) => this.#handle(request),
    };
  }

  /**
   * Checks a plan; without one there are no faults.
   * @returns puts it into effect.
   * @throws Error naming the field.
   */
  prepare(plan: unknown): () => void {
    const { name } = this.#service;
    const schema = planSchema(Object.keys(this.#errors));
    const parsed = plan === undefined ? undefined : faultPlan(schema, plan, name);
    return () => {
      this.#plan = parsed;
      this.#left = parsed?.count ?? 0;
    };
  }

  async #handle(request: AwsRequest): Promise<AwsAnswer> {
    const fault = this.#take(request);
    if (fault?.delayMs) {
      const { delayMs } = fault;
      await new Promise<void>((resolve) => this.#clock.after(delayMs, resolve));
    }
    if (fault?.error === undefined) return this.#service.handle(request);
    if (fault.afterCommit) await this.#service.handle(request);
    return failure(this.#service.name, fault.error, this.#errors[fault.error] ?? 500);
  }

  #take(request: AwsRequest): Plan | undefined {
    const plan = this.#plan;
    if (plan === undefined || this.#left === 0) return undefined;
    const action = this.#service.permissionFor(request)?.action.split(':')[1];
    if (plan.action !== undefined && plan.action !== action) return undefined;
    this.#left -= 1;
    return plan;
  }
}

const PROTOCOL = new JsonProtocol('', '1.0');

function failure(service: string, code: string, status: number): AwsAnswer {
  const side = status < 500 ? 'Sender' : 'Receiver';
  const headers = service === 'sqs' ? { 'x-amzn-query-error': `${code};${side}` } : {};
  return PROTOCOL.error(`com.amazonaws.${service}#${code}`, 'struck by a fault', {
    status,
    headers,
  });
}
