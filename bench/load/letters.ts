import type { LocalStack } from '#local/stack/local-stack';

/** How many letters are in a queue, waiting and on their way. */
export function lettersIn({ queues }: LocalStack, kind: 'ToFlex' | 'DeadLetters'): number {
  return queues.all
    .filter(({ deadLetters }) => (kind === 'ToFlex') === (deadLetters !== undefined))
    .reduce((all, { waiting, inFlight }) => all + waiting.length + inFlight.length, 0);
}
