/** Questions to the logs, kept in the console of CloudWatch Logs Insights. */
import { Stack } from 'aws-cdk-lib';
import { QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type Sources, servicesOf } from './sources.ts';

type Queries = Readonly<Record<string, ConstructorParameters<typeof QueryString>[0]>>;

const QUERIES: Queries = {
  failures: {
    fields: ['@timestamp', 'service', 'message', 'code', 'reason', 'sessionId'],
    filterStatements: ['level = "ERROR"'],
    sort: '@timestamp desc',
    limit: 200,
  },
  'failures by code': {
    filterStatements: ['level = "ERROR"'],
    statsStatements: ['count(*) as failures by service, code, bin(5m)'],
    sort: 'failures desc',
  },
  'one session': {
    fields: ['@timestamp', 'service', 'level', 'message', 'code', 'reason', 'requestId'],
    filterStatements: ['sessionId = "PUT-THE-SESSION-HERE"'],
    sort: '@timestamp asc',
  },
};

/** They read what Lambda writes about each run. */
const RUN_QUERIES: Queries = {
  'cold starts': {
    filterStatements: ['type = "platform.report"', 'ispresent(record.metrics.initDurationMs)'],
    statsStatements: [
      'count(*) as starts, pct(record.metrics.initDurationMs, 50) as p50, pct(record.metrics.initDurationMs, 99) as p99 by @log',
    ],
  },
  'slow invocations': {
    filterStatements: ['type = "platform.report"'],
    statsStatements: [
      'pct(record.metrics.durationMs, 50) as p50, pct(record.metrics.durationMs, 99) as p99, max(record.metrics.maxMemoryUsedMB) as memory by @log',
    ],
  },
};

export function makeQueries(scope: Construct, sources: Sources): void {
  const logGroups = servicesOf(sources).map(([, fn]) => fn.logGroup);
  const queries = { ...QUERIES, ...(sources.logsRuns && RUN_QUERIES) };
  for (const [name, query] of Object.entries(queries)) {
    new QueryDefinition(scope, `Query ${name}`, {
      queryDefinitionName: `${Stack.of(scope).stackName}/${name}`,
      queryString: new QueryString(query),
      logGroups,
    });
  }
}
