/** What a failed call to AWS means for the person who runs a command. */
import { CommandError } from './command.ts';

const REFUSED = 'AWS does not take the credentials: renew them, or choose another AWS_PROFILE';
const NOT_THERE = 'it does not exist: check that stage, AWS account and AWS_REGION belong together';

/** By the name of the error. */
const CURES: Readonly<Record<string, string>> = {
  'AWS.SimpleQueueService.NonExistentQueue': NOT_THERE,
  CredentialsProviderError:
    'there are no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  ExpiredToken: REFUSED,
  ExpiredTokenException: REFUSED,
  InvalidClientTokenId: REFUSED,
  InvalidSignatureException: REFUSED,
  QueueDoesNotExist: NOT_THERE,
  ResourceNotFoundException: NOT_THERE,
  SignatureDoesNotMatch: REFUSED,
  UnrecognizedClientException: REFUSED,
};

/**
 * Runs calls to AWS.
 * @param subject what they are about, such as a queue's URL.
 * @throws CommandError that names the subject and, where it is known, the cure.
 */
export async function explained<Result>(
  subject: string,
  call: () => Promise<Result>,
): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${subject}: ${describeAwsFailure(error)}`, { cause: error });
  }
}

/** In one line. Adapters keep what AWS answered as the cause of their own error. */
export function describeAwsFailure(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (cause instanceof Error && CURES[name] === undefined) return describeAwsFailure(cause);
  if (message === 'Region is missing') return 'there is no AWS region: set AWS_REGION';
  return CURES[name] ?? `${name}: ${message}`;
}
