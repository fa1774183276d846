/** The seam between the front door for AWS calls and the services behind it. */

/** One signed HTTP request to AWS, its signature already verified. */
export interface AwsRequest {
  readonly method: string;
  /** Path and query as received, percent-encoding untouched. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface AwsAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** What a caller must be allowed to do. */
export interface AwsPermission {
  /** Such as `dynamodb:PutItem`. */
  readonly action: string;
  /** ARN of what it is done to. */
  readonly resource: string;
}

/**
 * One emulated AWS service behind the front door. The front door asks for the permission,
 * evaluates the caller's role, and only then lets the service handle the request.
 */
export interface AwsService {
  /** As in the credential scope of a signature: `dynamodb`, `sqs`, `secretsmanager`, `execute-api`. */
  readonly name: string;
  /** @returns undefined when the request is none of this service: refused as unknown. */
  permissionFor(request: AwsRequest): AwsPermission | undefined;
  handle(request: AwsRequest): Promise<AwsAnswer>;
}

/** Runs functions of the assembly. */
export interface FunctionRunner {
  /**
   * @returns what the handler returned, through JSON.
   * @throws FunctionFailure when it was not run, threw, crashed or ran into its timeout.
   */
  invoke(functionArn: string, event: unknown): Promise<unknown>;
}

/**
 * `error`: the handler threw. `timeout`: its configured timeout passed. `crash`: the process ended.
 * `throttle`: too many were running; it was not begun.
 */
type FailureKind = 'error' | 'timeout' | 'crash' | 'throttle';

/** How an invocation failed. */
export class FunctionFailure extends Error {
  override readonly name = 'FunctionFailure';
  readonly kind: FailureKind;
  /** Lambda's `errorType`, such as `Error`. */
  readonly errorType: string;

  constructor(kind: FailureKind, errorType: string, message: string) {
    super(message);
    this.kind = kind;
    this.errorType = errorType;
  }
}
