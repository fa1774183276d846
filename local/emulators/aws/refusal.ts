/** How AWS refuses a call, in the shape that the caller's protocol expects. */
import type { AwsAnswer, AwsRequest } from './aws-service.ts';
import { JsonProtocol } from './json-protocol.ts';

export type RefusalCode =
  | 'AccessDeniedException'
  | 'InvalidSignatureException'
  | 'MissingAuthenticationTokenException'
  | 'UnknownOperationException'
  | 'UnrecognizedClientException';

/** Names a refused or failed call; a 4xx of the JSON protocols is always 400. */
export function refuse(request: AwsRequest, code: RefusalCode, message: string): AwsAnswer {
  return isJsonProtocol(request) ? jsonError(400, code, message) : restRefusal(code, message);
}

/** An emulator that throws answers as a service that fails: the SDK retries. */
export function internalFailure(request: AwsRequest): AwsAnswer {
  const message = 'The request processing has failed because of an internal error';
  return isJsonProtocol(request)
    ? jsonError(500, 'InternalFailure', message)
    : restError(500, 'InternalServerErrorException', message);
}

/** DynamoDB, SQS and Secrets Manager name the operation in a header, `@connections` in the path. */
function isJsonProtocol(request: AwsRequest): boolean {
  return request.headers['x-amz-target'] !== undefined;
}

/** What is said before any service has read the request. */
const ANY_SERVICE = new JsonProtocol('', '1.0');

function jsonError(status: number, code: string, message: string): AwsAnswer {
  const headers = { 'x-amzn-ErrorType': code };
  return ANY_SERVICE.error(`com.amazon.coral.service#${code}`, message, { status, headers });
}

/** `@connections` says Forbidden both without permission and at an unknown path. */
function restRefusal(code: RefusalCode, message: string): AwsAnswer {
  const isForbidden = code === 'AccessDeniedException' || code === 'UnknownOperationException';
  return isForbidden
    ? restError(403, 'ForbiddenException', 'Forbidden')
    : restError(403, code, message);
}

function restError(status: number, code: string, message: string): AwsAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-ErrorType': code },
    body: JSON.stringify({ message }),
  };
}
