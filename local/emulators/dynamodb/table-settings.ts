import { type Assembly, type Resource, resourcesOf } from '#local/assembly/assembly';

/** One table as the template configures it. */
export interface TableSettings {
  readonly name: string;
  readonly keySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
  readonly attributeDefinitions: readonly object[];
  /** Holds the end of an item's life in seconds since 1970; undefined when nothing expires. */
  readonly expiryAttribute: string | undefined;
}

/** Beside keys, billing and expiry, these have no effect on reads and writes here. */
const KNOWN = new Set([
  'AttributeDefinitions',
  'BillingMode',
  'ContributorInsightsSpecification',
  'DeletionProtectionEnabled',
  'KeySchema',
  'PointInTimeRecoverySpecification',
  'Replicas',
  'SSESpecification',
  'TableName',
  'Tags',
  'TimeToLiveSpecification',
  'WarmThroughput',
  'WriteOnDemandThroughputSettings',
]);

/** @throws Error for what a table has and the emulator does not. */
export function readTables(assembly: Assembly): TableSettings[] {
  return [
    ...resourcesOf(assembly, 'AWS::DynamoDB::GlobalTable'),
    ...resourcesOf(assembly, 'AWS::DynamoDB::Table'),
  ].map(readTable);
}

function readTable({ properties, physicalId, logicalId }: Resource): TableSettings {
  const unknown = Object.keys(properties).filter((name) => !KNOWN.has(name));
  if (unknown.length > 0) {
    throw new Error(`table ${logicalId}: ${unknown.join(', ')} is not emulated`);
  }
  if (properties['BillingMode'] !== 'PAY_PER_REQUEST') {
    throw new Error(`table ${logicalId}: provisioned capacity is not emulated, on-demand only`);
  }
  const timeToLive = properties['TimeToLiveSpecification'];
  return {
    name: physicalId,
    keySchema: properties['KeySchema'],
    attributeDefinitions: properties['AttributeDefinitions'],
    expiryAttribute: timeToLive?.['Enabled'] ? timeToLive['AttributeName'] : undefined,
  };
}
