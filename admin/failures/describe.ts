/** The one place that turns a failure of AWS, of Twilio or on the way to them into cause and cure. */
import { CommandError } from '../command.ts';
import { awsFailure } from './aws.ts';
import type { Failure } from './failure.ts';
import { networkFailure } from './network.ts';
import { twilioFailure } from './twilio.ts';

/** So deep may an error lie in the causes of another. */
const DEEPEST = 5;

/**
 * Runs calls to AWS or Twilio.
 * @param subject what they are about, such as a queue's URL.
 * @throws CommandError that names the subject, the cause and the cure.
 */
export async function explained<Result>(
  subject: string,
  call: () => Promise<Result>,
): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${subject}: ${describeFailure(error)}`, { cause: error });
  }
}

/** Cause and cure in one line. */
export function describeFailure(error: unknown): string {
  const { cause, cure } = failureOf(error);
  return cure === undefined ? cause : `${cause}; ${cure}`;
}

/** May the same call succeed a little later? */
export const isPassing = (error: unknown): boolean => failureOf(error).isPassing === true;

function failureOf(error: unknown): Failure {
  for (const each of withCauses(error)) {
    const failure = twilioFailure(each) ?? awsFailure(each) ?? networkFailure(each);
    if (failure !== undefined) return failure;
  }
  const { message = String(error) } = Object(error) as Partial<Error>;
  return {
    cause: message,
    ...(!(error instanceof CommandError) && { cure: 'DEBUG=1 shows where' }),
  };
}

/** Adapters keep what AWS answered as the cause of their own error, and `fetch` what went wrong. */
function withCauses(error: unknown): Error[] {
  const errors: Error[] = [];
  let each = error;
  // Not by their class: errors of another realm, such as a worker's, have another one.
  while (typeof each === 'object' && each !== null && errors.length < DEEPEST) {
    errors.push(each as Error);
    each = (each as Error).cause;
  }
  return errors;
}
