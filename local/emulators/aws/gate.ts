import type { AuditTrail } from './audit.ts';
import type { AwsAnswer, AwsPermission, AwsRequest, AwsService } from './aws-service.ts';
import type { Caller } from './callers.ts';
import { isAllowed } from './iam.ts';
import { internalFailure, type RefusalCode, refuse } from './refusal.ts';
import { type Authorization, parseAuthorization, signatureProblem } from './sigv4.ts';

export interface GateOptions {
  readonly callers: readonly Caller[];
  readonly services: readonly AwsService[];
  /** @default the system's clock */
  readonly nowMs?: () => number;
  /** Told of every refused call and of every service that throws. */
  readonly log?: (line: string) => void;
}

/** What is known of a call by the time it is answered. */
interface Call {
  readonly authorization?: Authorization;
  readonly caller?: Caller;
  readonly permission?: AwsPermission;
}

/** Checks who calls and what for, lets the service answer, and keeps the audit. */
export class Gate {
  readonly #options: GateOptions;
  readonly #trail: AuditTrail;

  constructor(options: GateOptions, trail: AuditTrail) {
    this.#options = options;
    this.#trail = trail;
  }

  /** Never rejects: a refusal and a failing service are answers too. */
  async answer(request: AwsRequest): Promise<AwsAnswer> {
    const authorization = parseAuthorization(request.headers['authorization']);
    if (authorization === undefined) {
      const message = 'Missing Authentication Token';
      return this.#refuse(request, {}, 'MissingAuthenticationTokenException', message);
    }
    const caller = this.#options.callers.find(
      ({ accessKeyId }) => accessKeyId === authorization.accessKeyId,
    );
    if (caller === undefined) {
      const message = 'The security token included in the request is invalid.';
      return this.#refuse(request, { authorization }, 'UnrecognizedClientException', message);
    }
    const problem = signatureProblem(request, authorization, caller.secretAccessKey, this.#now());
    if (problem !== undefined) {
      const call = { authorization, caller };
      return this.#refuse(request, call, 'InvalidSignatureException', problem);
    }
    return this.#admit(request, authorization, caller);
  }

  /** Answers a request whose sender is known. */
  async #admit(
    request: AwsRequest,
    authorization: Authorization,
    caller: Caller,
  ): Promise<AwsAnswer> {
    const service = this.#options.services.find(({ name }) => name === authorization.service);
    const permission = service?.permissionFor(request);
    if (service === undefined || permission === undefined) {
      const message = `${authorization.service} has no such operation in the local stack`;
      const call = { authorization, caller };
      return this.#refuse(request, call, 'UnknownOperationException', message);
    }
    const call = { authorization, caller, permission };
    if (!isAllowed(caller.statements, permission)) {
      const message =
        `${caller.name} is not authorized to perform: ${permission.action} ` +
        `on resource: ${permission.resource}`;
      return this.#refuse(request, call, 'AccessDeniedException', message);
    }
    return this.#record(call, true, await this.#handle(service, request));
  }

  async #handle(service: AwsService, request: AwsRequest): Promise<AwsAnswer> {
    try {
      return await service.handle(request);
    } catch (error) {
      this.#options.log?.(`${service.name} failed: ${(error as Error).stack}`);
      return internalFailure(request);
    }
  }

  #refuse(request: AwsRequest, call: Call, code: RefusalCode, message: string): AwsAnswer {
    this.#options.log?.(`${code}: ${message}`);
    return this.#record(call, false, refuse(request, code, message));
  }

  #record(call: Call, allowed: boolean, answer: AwsAnswer): AwsAnswer {
    this.#trail.add({
      caller: call.caller?.name ?? 'unknown',
      service: call.authorization?.service ?? 'unknown',
      action: call.permission?.action ?? 'unknown',
      resource: call.permission?.resource ?? '',
      allowed,
      status: answer.status,
      at: new Date(this.#now()).toISOString(),
    });
    return answer;
  }

  #now(): number {
    return this.#options.nowMs?.() ?? Date.now();
  }
}
