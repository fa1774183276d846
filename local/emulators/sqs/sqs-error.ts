/**
 * A refusal in the words of SQS.
 * Source: SQS API reference, "Errors" of each action. The JSON protocol's spelling of errors that
 * its model leaves out (`InvalidParameterValueException` and the like) is unconfirmed; SDKs that
 * read `x-amzn-query-error` see the documented code either way.
 */
export class SqsError extends Error {
  override readonly name = 'SqsError';
  /** Name of the error's shape in the JSON protocol. */
  readonly shape: string;
  /** Code in the older query protocol, which `x-amzn-query-error` carries. */
  readonly queryCode: string;

  constructor(shape: string, queryCode: string, message: string) {
    super(message);
    this.shape = shape;
    this.queryCode = queryCode;
  }
}

export function invalidParameter(name: string, value: unknown, reason: string): SqsError {
  return new SqsError(
    'InvalidParameterValueException',
    'InvalidParameterValue',
    `Value ${String(value)} for parameter ${name} is invalid. Reason: ${reason}`,
  );
}

export function missingParameter(name: string): SqsError {
  return new SqsError(
    'MissingRequiredParameterException',
    'MissingParameter',
    `The request must contain the parameter ${name}.`,
  );
}

export function noSuchQueue(): SqsError {
  return simpleQueueError(
    'QueueDoesNotExist',
    'NonExistentQueue',
    'The specified queue does not exist.',
  );
}

/** What SQS offers and this emulator does not; never passed over in silence. */
export function notEmulated(what: string): SqsError {
  return simpleQueueError(
    'UnsupportedOperation',
    'UnsupportedOperation',
    `${what} is not emulated by the local queues.`,
  );
}

/** An error whose query code has the prefix of the service. */
export function simpleQueueError(shape: string, code: string, message: string): SqsError {
  return new SqsError(shape, `AWS.SimpleQueueService.${code}`, message);
}
