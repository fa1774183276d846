/** Failures that AWS and its SDK tell of, by the name of the error. */
import type { Failure } from './failure.ts';

const NO_CREDENTIALS =
  'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; with single sign-on run "aws sso login"';

const refused: Failure = {
  cause: 'AWS does not take the credentials',
  cure: 'renew them, or choose another AWS_PROFILE',
};
const absent: Failure = {
  cause: 'it does not exist',
  cure: 'check that stage, AWS account and AWS_REGION belong together',
};
const busy: Failure = {
  cause: 'AWS has too much to do',
  cure: 'wait a minute',
  isPassing: true,
};
const disturbed: Failure = {
  cause: 'AWS has a fault of its own',
  cure: 'wait a little, and look at https://health.aws.amazon.com if it stays',
  isPassing: true,
};
const offClock: Failure = {
  cause: 'AWS says that the time of this machine is wrong',
  cure: 'let the machine keep time by NTP (timedatectl set-ntp true)',
};

const BY_NAME: Readonly<Record<string, Failure>> = {
  'AWS.SimpleQueueService.NonExistentQueue': absent,
  ExpiredToken: refused,
  ExpiredTokenException: refused,
  InternalFailure: disturbed,
  InternalServerError: disturbed,
  InternalServiceError: disturbed,
  InternalServiceErrorException: disturbed,
  InvalidAccessKeyId: refused,
  InvalidClientTokenId: refused,
  InvalidSignatureException: refused,
  InvalidToken: refused,
  ProvisionedThroughputExceededException: busy,
  QueueDoesNotExist: absent,
  RequestExpired: offClock,
  RequestLimitExceeded: busy,
  RequestThrottled: busy,
  RequestThrottledException: busy,
  RequestTimeTooSkewed: offClock,
  ResourceNotFoundException: absent,
  ServiceUnavailable: disturbed,
  ServiceUnavailableException: disturbed,
  SignatureDoesNotMatch: refused,
  Throttling: busy,
  ThrottlingException: busy,
  TooManyRequestsException: busy,
  UnrecognizedClientException: refused,
};

/** @returns undefined for an error that neither AWS nor its SDK made. */
export function awsFailure(error: Error): Failure | undefined {
  const { name, message } = error;
  if (/^(Region is missing|Invalid region)/.test(message)) {
    return { cause: 'there is no AWS region', cure: 'set AWS_REGION, such as eu-central-1' };
  }
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    return { cause: `there are no AWS credentials (${message})`, cure: NO_CREDENTIALS };
  }
  if (name === 'InvalidSignatureException' && /expired|not yet/i.test(message)) return offClock;
  if (/^(AccessDenied|AuthorizationError|Forbidden|NotAuthorized)/.test(name)) {
    return {
      cause: `AWS does not allow it (${name}: ${message})`,
      cure: 'give this user or role the permission; docs/runbook.md lists what each command needs',
    };
  }
  return BY_NAME[name] ?? otherAnswer(error);
}

/** The SDK puts what it knows of an answer beside the error. */
function otherAnswer(error: Error & { $metadata?: { httpStatusCode?: number } }) {
  const { name, message, $metadata } = error;
  if ($metadata === undefined) return undefined;
  const status = $metadata.httpStatusCode ?? 0;
  if (/Deserialization error/.test(message)) {
    return {
      cause: `what answers ${status} there does not speak as AWS does`,
      cure: 'check AWS_REGION, AWS_ENDPOINT_URL and the proxy',
    };
  }
  if (status >= 500) return disturbed;
  return status === 0
    ? undefined
    : { cause: `${name}: ${message}`, cure: 'see what AWS says there' };
}
