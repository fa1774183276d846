/**
 * Logs and metrics of all functions. Only ids, codes and counts are ever passed in: no body, token,
 * name or address.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { ChatError } from '#core/errors';
import { installReadableStacks } from './readable-stacks.ts';

const NAMESPACE = 'FlexChannel';

export interface Telemetry {
  readonly logger: Logger;
  /** Adds to a count of this invocation. */
  count(name: string, value?: number): void;
  /** Writes the counts, at the end of an invocation. */
  flush(): void;
}

/** @param service name of the function, the only dimension of its metrics. */
export function createTelemetry(service: string): Telemetry {
  installReadableStacks(import.meta.url);
  const logger = new Logger({ serviceName: service });
  const metrics = new Metrics({ namespace: NAMESPACE, serviceName: service });
  return {
    logger,
    count: (name, value = 1) => metrics.addMetric(name, MetricUnit.Count, value),
    // The library warns when there is nothing to publish.
    flush: () => metrics.hasStoredMetrics() && metrics.publishStoredMetrics(),
  };
}

/** A failure as it is logged: expected ones by code and operator text, bugs with their stack. */
export function describeFailure(error: unknown): Record<string, unknown> {
  if (error instanceof ChatError) return { code: error.code, reason: error.message };
  return error instanceof Error
    ? { code: 'BUG', reason: error.name, stack: stackFrames(error) }
    : { code: 'BUG', reason: typeof error };
}

/** The stack without the message: an unexpected error may quote what a customer wrote. */
function stackFrames(error: Error): string[] {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 8)
    .map((line) => line.trim());
}
