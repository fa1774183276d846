import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/**
 * A group for the access log of an API's stage. API Gateway writes with a role that is set once for
 * an account and region, and refuses to make the stage without one.
 */
export function accessLogGroup(scope: Construct, retention: RetentionDays): LogGroup {
  return new LogGroup(scope, 'AccessLogs', { retention, removalPolicy: RemovalPolicy.DESTROY });
}

/** One line a request: what happened, and never who it was or what was said. */
export const ACCESS_LOG_FORMAT = JSON.stringify({
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  route: '$context.routeKey$context.resourcePath',
  status: '$context.status',
  error: '$context.error.responseType',
  functionStatus: '$context.integration.status',
});
