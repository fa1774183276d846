/** What EventBridge hears of objects, and the rules by which it tells queues. */
import { type Assembly, LOCAL_ACCOUNT, LOCAL_REGION, resourcesOf } from '#local/assembly/assembly';
import { randomUuid, systemRandom } from '#local/random';
import type { Queues } from '../sqs/queues.ts';
import type { LocalBucket, StoredObject } from './bucket.ts';

/** Every scanner takes this harmless text for malware. Source: eicar.org */
const EICAR = 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE';

export type TellOfObject = (key: string, object: StoredObject) => void;

interface Rule {
  readonly pattern: unknown;
  readonly queueArns: readonly string[];
}

/**
 * Tells each rule's queues of an object that has come and, where GuardDuty protects the bucket, of
 * its scan, which takes no time here.
 * @throws Error for a rule that tells something else than queues.
 */
export function objectEvents(
  assembly: Assembly,
  bucket: LocalBucket,
  queues: Queues,
  nowMs: () => number,
): TellOfObject {
  const rules = resourcesOf(assembly, 'AWS::Events::Rule').map(({ properties }): Rule => {
    const targets: { Arn: string }[] = properties['Targets'] ?? [];
    for (const { Arn } of targets) queues.byArn(Arn);
    return { pattern: properties['EventPattern'], queueArns: targets.map(({ Arn }) => Arn) };
  });
  const prefixes = scannedPrefixes(assembly, bucket);
  return (key, object) => {
    const isScanned = prefixes.some((prefix) => key.startsWith(prefix));
    const events = [
      ...(bucket.tellsEventBridge ? [created(bucket, key, object)] : []),
      ...(isScanned ? [scanned(bucket, key, object)] : []),
    ];
    for (const each of events) {
      const event = { ...envelope(nowMs()), ...each };
      const told = rules.filter(({ pattern }) => matchesPattern(pattern, event));
      const message = { body: JSON.stringify(event), attributes: {} };
      for (const arn of told.flatMap(({ queueArns }) => queueArns)) queues.byArn(arn).send(message);
    }
  };
}

function scannedPrefixes(assembly: Assembly, { name }: LocalBucket): string[] {
  return resourcesOf(assembly, 'AWS::GuardDuty::MalwareProtectionPlan')
    .map(({ properties }) => properties['ProtectedResource'].S3Bucket)
    .filter(({ BucketName }) => BucketName === name)
    .flatMap(({ ObjectPrefixes = [''] }) => ObjectPrefixes);
}

const envelope = (atMs: number) => ({
  version: '0',
  id: randomUuid(systemRandom),
  account: LOCAL_ACCOUNT,
  time: new Date(atMs).toISOString().replace(/\.\d{3}/, ''),
  region: LOCAL_REGION,
});

const created = ({ arn, name }: LocalBucket, key: string, { bytes, eTag }: StoredObject) => ({
  source: 'aws.s3',
  'detail-type': 'Object Created',
  resources: [arn],
  detail: {
    version: '0',
    bucket: { name },
    object: { key, size: bytes.length, etag: eTag, sequencer: '0' },
    reason: 'PostObject',
  },
});

const scanned = ({ name }: LocalBucket, key: string, { bytes, eTag }: StoredObject) => ({
  source: 'aws.guardduty',
  'detail-type': 'GuardDuty Malware Protection Object Scan Result',
  resources: [],
  detail: {
    schemaVersion: '1.0',
    scanStatus: 'COMPLETED',
    resourceType: 'S3_OBJECT',
    s3ObjectDetails: { bucketName: name, objectKey: key, eTag, versionId: '', s3Throttled: false },
    scanResultDetails: bytes.includes(EICAR)
      ? { scanResultStatus: 'THREATS_FOUND', threats: [{ name: 'EICAR-Test-File' }] }
      : { scanResultStatus: 'NO_THREATS_FOUND', threats: null },
  },
});

/** Exact values only; what else a pattern may say matches nothing here. */
function matchesPattern(pattern: unknown, value: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.includes(value);
  if (typeof pattern !== 'object' || pattern === null) return false;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(pattern).every(([name, part]) =>
    matchesPattern(part, (value as Record<string, unknown>)[name]),
  );
}
