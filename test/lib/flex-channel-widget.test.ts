import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { synthesize } from '#test/support/synthesizer/synthesize';
import { propertiesOf, synthesizeWidget } from './synthesize.ts';

const widget = synthesizeWidget();
const [distribution] = Object.values(propertiesOf(widget, 'AWS::CloudFront::Distribution'));
const { DefaultCacheBehavior: behavior } = distribution.DistributionConfig;

describe('files of FlexChannelWidget', () => {
  test('lie in a private, encrypted bucket that is no website', () => {
    widget.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: Match.anyValue(),
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      WebsiteConfiguration: Match.absent(),
    });
  });

  test('are read by this distribution and by nobody else, encrypted on the way', () => {
    const [policy] = Object.values(propertiesOf(widget, 'AWS::S3::BucketPolicy'));
    const statements = policy.PolicyDocument.Statement;

    expect(statements).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
    expect(statements.filter(({ Effect }: { Effect: string }) => Effect === 'Allow')).toEqual([
      expect.objectContaining({
        Action: 's3:GetObject',
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Condition: { StringEquals: { 'AWS:SourceArn': expect.anything() } },
      }),
    ]);
    widget.hasResourceProperties('AWS::CloudFront::OriginAccessControl', {
      OriginAccessControlConfig: { SigningBehavior: 'always', SigningProtocol: 'sigv4' },
    });
  });

  test('keep for ever under a name of their content, and five minutes as the loader, which comes last', () => {
    const deployments = Object.values(widget.findResources('Custom::CDKBucketDeployment'));
    const [chunks, loader] = deployments.map(({ Properties }) => Properties);

    expect(chunks).toMatchObject({
      Exclude: ['embed.js'],
      SystemMetadata: { 'cache-control': 'public, max-age=31536000, immutable' },
    });
    expect(loader).toMatchObject({
      Exclude: ['*'],
      Include: ['embed.js'],
      SystemMetadata: { 'cache-control': 'public, max-age=300' },
    });
    expect(deployments[1]?.['DependsOn']).toContainEqual(
      expect.stringMatching(/^FilesChunksCustomResource/),
    );
  });

  test('stay while a page may hold an older loader, and go with the stack', () => {
    for (const { Prune, RetainOnDelete } of Object.values(
      propertiesOf(widget, 'Custom::CDKBucketDeployment'),
    )) {
      expect({ Prune, RetainOnDelete }).toEqual({ Prune: false, RetainOnDelete: false });
    }
  });
});

describe('distribution of FlexChannelWidget', () => {
  test('speaks HTTPS only, HTTP/2 and HTTP/3, and compresses', () => {
    expect(distribution.DistributionConfig.HttpVersion).toBe('http2and3');
    expect(behavior).toMatchObject({ ViewerProtocolPolicy: 'https-only', Compress: true });
  });

  test('lets pages of every origin load the files, also isolated ones', () => {
    widget.hasResourceProperties('AWS::CloudFront::ResponseHeadersPolicy', {
      ResponseHeadersPolicyConfig: {
        CorsConfig: {
          AccessControlAllowOrigins: { Items: ['*'] },
          AccessControlAllowMethods: { Items: ['GET', 'HEAD'] },
          AccessControlAllowCredentials: false,
        },
        CustomHeadersConfig: {
          Items: [
            { Header: 'cross-origin-resource-policy', Value: 'cross-origin', Override: true },
          ],
        },
        SecurityHeadersConfig: {
          ContentTypeOptions: { Override: true },
          ReferrerPolicy: { ReferrerPolicy: 'no-referrer', Override: true },
          StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000, Override: true },
        },
      },
    });
  });

  test('takes a name of one’s own, and then TLS 1.2 and nothing older', () => {
    const certificateArn =
      'arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-0000-0000-000000000000';
    const named = synthesizeWidget({ name: 'chat.example.com', certificateArn });

    named.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        Aliases: ['chat.example.com'],
        ViewerCertificate: {
          AcmCertificateArn: certificateArn,
          MinimumProtocolVersion: 'TLSv1.2_2021',
          SslSupportMethod: 'sni-only',
        },
      },
    });
    named.hasOutput('WidgetScriptUrl', { Value: 'https://chat.example.com/embed.js' });
  });
});

describe('the app', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'hosting-'));

  afterAll(() => rmSync(folder, { recursive: true }));

  async function stacksWith(widgetSection: object | undefined) {
    const config = path.join(folder, 'config.json');
    const local = JSON.parse(readFileSync('config/local.json', 'utf8'));
    writeFileSync(config, JSON.stringify({ ...local, widget: widgetSection }));
    const outDirectory = path.join(folder, 'cdk.out');
    await synthesize({ config, outDirectory });
    const { artifacts } = JSON.parse(
      readFileSync(path.join(outDirectory, 'manifest.json'), 'utf8'),
    );
    return {
      outDirectory,
      stacks: Object.keys(artifacts).filter((id) => /^FlexChannel\w*$/.test(id)),
    };
  }

  test.each([undefined, {}, { hosting: false }])('hosts nothing with widget: %j', async (off) => {
    expect((await stacksWith(off)).stacks).toEqual(['FlexChannelState', 'FlexChannel']);
  });

  test('hosts the loader, its pinned copy and every chunk that they load', async () => {
    const { stacks, outDirectory } = await stacksWith({ hosting: true });
    const files = readdirSync(outDirectory, { recursive: true, encoding: 'utf8' });
    const hosted = path.dirname(files.find((name) => path.basename(name) === 'embed.js') ?? '');
    const names = readdirSync(path.join(outDirectory, hosted)).filter(
      (name) => name !== 'embed.js',
    );
    const texts = names.map((name) => readFileSync(path.join(outDirectory, hosted, name), 'utf8'));
    const loaded = texts.flatMap((text) => text.match(/[\w-]+-[0-9A-Z]{8}\.js/g) ?? []);

    expect(stacks).toContain('FlexChannelWidget');
    expect(names.filter((name) => !/-[0-9A-Z]{8}\.js$/.test(name))).toEqual([]);
    expect(names.map((name) => name.slice(0, -12))).toEqual(
      expect.arrayContaining(['embed', 'panel', 'de', 'ar']),
    );
    expect(names.toSorted()).toEqual(
      [...new Set([...loaded, names.find((name) => name.startsWith('embed-'))])].toSorted(),
    );
  });
});
