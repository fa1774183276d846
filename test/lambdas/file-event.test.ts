import { parseFileEvent } from '#lambdas/shared/file-event';

const AT = '2026-11-28T18:00:00Z';

const created = (changed: object = {}) =>
  JSON.stringify({
    version: '0',
    'detail-type': 'Object Created',
    source: 'aws.s3',
    time: AT,
    detail: { bucket: { name: 'b' }, object: { key: 'quarantine/s/f/1', size: 3, etag: 'e1' } },
    ...changed,
  });

const scanned = (scanStatus: string, scanResultStatus?: string) =>
  JSON.stringify({
    'detail-type': 'GuardDuty Malware Protection Object Scan Result',
    source: 'aws.guardduty',
    time: AT,
    detail: {
      scanStatus,
      s3ObjectDetails: { bucketName: 'b', objectKey: 'quarantine/s/f/1', eTag: 'e1' },
      scanResultDetails: { scanResultStatus },
    },
  });

const ref = { key: 'quarantine/s/f/1', eTag: 'e1' };
const atMs = Date.parse(AT);

describe('an event of a file', () => {
  test('tells that it has come, where nothing is scanned', () => {
    expect(parseFileEvent(created(), false)).toEqual({ ref, atMs });
  });

  test('tells nothing before the scan, where files are scanned', () => {
    expect(parseFileEvent(created(), true)).toBeUndefined();
  });

  test('of a scan counts for nothing where no scan is asked for', () => {
    expect(parseFileEvent(scanned('COMPLETED', 'NO_THREATS_FOUND'), false)).toBeUndefined();
  });

  test.each([
    ['COMPLETED', 'NO_THREATS_FOUND', 'clean'],
    ['COMPLETED', 'THREATS_FOUND', 'unsafe'],
    ['COMPLETED', 'UNSUPPORTED', 'unknown'],
    ['COMPLETED', undefined, 'unknown'],
    ['COMPLETED', 'SOMETHING_NEW', 'unknown'],
    ['SKIPPED', 'NO_THREATS_FOUND', 'unknown'],
    ['FAILED', 'ACCESS_DENIED', 'unknown'],
  ])('of a scan %s with the result %s calls the file %s', (status, result, scan) => {
    expect(parseFileEvent(scanned(status, result), true)).toEqual({ ref, atMs, scan });
  });

  test.each(['', '[]', '{}', created({ source: 'aws.ec2' }), created({ time: 'yesterday' })])(
    'that is something else tells nothing: %s',
    (body) => {
      expect(parseFileEvent(body, false)).toBeUndefined();
    },
  );
});
