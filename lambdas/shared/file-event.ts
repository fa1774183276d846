/** What EventBridge tells of an uploaded file: that it is there, or what the scanner says of it. */
import * as v from 'valibot';
import type { Upload } from '#core/files/accept-file';

const time = v.pipe(v.string(), v.isoTimestamp(), v.transform(Date.parse));

/** Source: Amazon S3 user guide, "EventBridge event message structure". */
const CreatedSchema = v.pipe(
  v.object({
    'detail-type': v.literal('Object Created'),
    source: v.literal('aws.s3'),
    time,
    detail: v.object({ object: v.object({ key: v.string(), etag: v.string() }) }),
  }),
  v.transform(({ time: atMs, detail: { object } }): Told => {
    const ref = { key: object.key, eTag: object.etag };
    return { kind: 'created', upload: { ref, atMs } };
  }),
);

/**
 * A result of a later version, and every one that is not listed as clean, lets nothing through.
 * Source: Amazon GuardDuty user guide, "Monitoring S3 object scans with EventBridge".
 */
const ScannedSchema = v.pipe(
  v.object({
    'detail-type': v.literal('GuardDuty Malware Protection Object Scan Result'),
    source: v.literal('aws.guardduty'),
    time,
    detail: v.object({
      scanStatus: v.string(),
      s3ObjectDetails: v.object({ objectKey: v.string(), eTag: v.string() }),
      scanResultDetails: v.optional(v.object({ scanResultStatus: v.optional(v.string()) }), {}),
    }),
  }),
  v.transform(({ time: atMs, detail }): Told => {
    const { objectKey: key, eTag } = detail.s3ObjectDetails;
    const result = detail.scanResultDetails.scanResultStatus;
    const isClean = detail.scanStatus === 'COMPLETED' && result === 'NO_THREATS_FOUND';
    const scan = isClean ? 'clean' : result === 'THREATS_FOUND' ? 'unsafe' : 'unknown';
    return { kind: 'scanned', upload: { ref: { key, eTag }, atMs, scan } };
  }),
);

interface Told {
  readonly kind: 'created' | 'scanned';
  readonly upload: Upload;
}

const FileEventSchema = v.pipe(v.string(), v.parseJson(), v.union([CreatedSchema, ScannedSchema]));

/**
 * @param body of a queue record: EventBridge hands its event on as JSON.
 * @param isScanned where files are scanned, their creation says nothing yet.
 * @returns undefined for what is told of something else.
 */
export function parseFileEvent(body: string, isScanned: boolean): Upload | undefined {
  const parsed = v.safeParse(FileEventSchema, body);
  if (!parsed.success) return undefined;
  const { kind, upload } = parsed.output;
  return (kind === 'scanned') === isScanned ? upload : undefined;
}
