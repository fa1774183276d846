import { ChatError, type ChatErrorCode } from '#core/errors';

/** The deployment is wrong: permission, name of a resource, credentials, encryption key. */
const MISCONFIGURED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AWS.SimpleQueueService.NonExistentQueue',
  'CredentialsProviderError',
  'DecryptionFailure',
  'ExpiredTokenException',
  'ForbiddenException',
  'InvalidSignatureException',
  'KmsAccessDenied',
  'KmsDisabled',
  'KmsNotFound',
  'QueueDoesNotExist',
  'ResourceNotFoundException',
  'UnrecognizedClientException',
]);

/** AWS does not accept the request; sending it again changes nothing. */
const REFUSED = new Set([
  'InvalidMessageContents',
  'InvalidParameterException',
  'InvalidRequestException',
  'ValidationException',
]);

/**
 * Translates a failed AWS call. A failure without a known name (throttling, 5xx, a time-out, a
 * connection that breaks) may succeed later.
 * @param call for operators, such as `dynamodb UpdateItem`.
 */
export function awsError(call: string, cause: unknown): ChatError {
  const name = cause instanceof Error ? cause.name : 'unknown error';
  return new ChatError(codeOf(name), `${call}: ${name}`, { cause });
}

function codeOf(name: string): ChatErrorCode {
  if (MISCONFIGURED.has(name)) return 'MISCONFIGURED';
  return REFUSED.has(name) ? 'UPSTREAM_REFUSED' : 'UPSTREAM_UNAVAILABLE';
}
