/**
 * Logs and metrics of all functions. Only ids, codes and counts are ever passed in: no body, token,
 * name or address.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { ChatError, type ChatErrorCode } from '#core/errors';
import { LATE_MS, METRIC_NAMESPACE, type MetricOf, type Service } from '#lambdas/contract/metrics';
import { installReadableStacks } from './readable-stacks.ts';

/** The codes of calls of Twilio or AWS that fail, and that somebody may have to do something about. */
const UPSTREAM_METRIC: { readonly [Code in ChatErrorCode]?: MetricOf<Service> } = {
  MISCONFIGURED: 'UpstreamMisconfigured',
  RATE_LIMITED: 'UpstreamRateLimited',
  UPSTREAM_UNAVAILABLE: 'UpstreamUnavailable',
};

export interface Telemetry<S extends Service> {
  readonly logger: Logger;
  /** Adds to a count of this invocation; 0 is not written. */
  count(name: MetricOf<S>, value?: number): void;
  /** Logs an error with what describes its failure, and counts what it says of Twilio or AWS. */
  failed(what: string, error: unknown, ids?: Readonly<Record<string, unknown>>): void;
  /** Measures how long a message was under way, and counts one that was late. */
  measure(way: WayOf<S>, elapsedMs: number): void;
  /** Writes the counts, at the end of an invocation. */
  flush(): void;
}

/** `ToFlex` for a function that has `ToFlexMs`. */
type WayOf<S extends Service> =
  MetricOf<S> extends infer Name ? (Name extends `${infer Way}Ms` ? Way : never) : never;

/** @param service name of the function, the only dimension of its metrics. */
export function createTelemetry<S extends Service>(service: S): Telemetry<S> {
  installReadableStacks(import.meta.url);
  const logger = new Logger({ serviceName: service });
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: service });
  const count = (name: string, value = 1) => {
    // A line that tells of nothing is paid like any other.
    if (value > 0) metrics.addMetric(name, MetricUnit.Count, value);
  };
  return {
    logger,
    count,
    failed: (what, error, ids) => {
      logger.error(what, { ...ids, ...describeFailure(error) });
      const metric = error instanceof ChatError ? UPSTREAM_METRIC[error.code] : undefined;
      if (metric !== undefined) count(metric);
    },
    measure: (way, elapsedMs) => {
      // Two clocks may disagree by a few milliseconds.
      metrics.addMetric(`${way}Ms`, MetricUnit.Milliseconds, Math.max(0, elapsedMs));
      if (elapsedMs > LATE_MS) count(`${way}Late`);
    },
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
