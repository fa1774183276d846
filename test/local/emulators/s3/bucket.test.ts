import { LocalBucket } from '#local/emulators/s3/bucket';

const CLOSED = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};

function aBucket(rule: object): LocalBucket {
  const properties = {
    PublicAccessBlockConfiguration: CLOSED,
    CorsConfiguration: { CorsRules: [{ AllowedMethods: ['POST'], ...rule }] },
  };
  return new LocalBucket({ logicalId: 'Bucket', physicalId: 'bucket', properties } as never);
}

describe('what a page may do with a bucket', () => {
  const page = 'https://shop.example';

  test('is told by origin and method', () => {
    const bucket = aBucket({ AllowedOrigins: [page] });

    expect(bucket.corsHeaders(page, 'POST')).toMatchObject({ 'access-control-allow-origin': page });
    expect(bucket.corsHeaders('https://other.example', 'POST')).toEqual({});
    expect(bucket.corsHeaders(page, 'PUT')).toEqual({});
  });

  test('is nothing when it wants to send a header that no rule allows', () => {
    const bucket = aBucket({ AllowedOrigins: [page] });
    const open = aBucket({ AllowedOrigins: [page], AllowedHeaders: ['x-amz-*'] });

    expect(bucket.corsHeaders(page, 'POST', ['x-amz-acl'])).toEqual({});
    expect(open.corsHeaders(page, 'POST', ['x-amz-acl'])).toMatchObject({
      'access-control-allow-headers': 'x-amz-acl',
    });
    expect(open.corsHeaders(page, 'POST', ['authorization'])).toEqual({});
  });
});
