import { Duration, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  type DistributionProps,
  HeadersReferrerPolicy,
  HttpVersion,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

/** A name of the operator's own, with its certificate, which CloudFront looks for in us-east-1. */
export interface WidgetDomain {
  readonly name: string;
  readonly certificateArn: string;
}

/** CloudFront before a private bucket: the same files for every page of the world. */
export class WidgetCdn extends Construct {
  /** Such as `https://d111111abcdef8.cloudfront.net`. */
  readonly url: string;

  constructor(scope: Construct, id: string, bucket: IBucket, domain: WidgetDomain | undefined) {
    super(scope, id);
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'The chat widget',
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket),
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
        // As long as each file says by its Cache-Control; with gzip and Brotli.
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        compress: true,
        responseHeadersPolicy: this.headers(),
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      },
      httpVersion: HttpVersion.HTTP2_AND_3,
      ...(domain && this.named(domain)),
    });
    this.url = `https://${domain?.name ?? distribution.distributionDomainName}`;
    acknowledgeFindings(distribution, domain);
  }

  private named({ name, certificateArn }: WidgetDomain): Partial<DistributionProps> {
    return {
      domainNames: [name],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    };
  }

  /** Pages of any origin import the chunks as modules, which asks for CORS; pages under COEP want the last one. */
  private headers(): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, 'Headers', {
      corsBehavior: {
        accessControlAllowOrigins: ['*'],
        accessControlAllowMethods: ['GET', 'HEAD'],
        accessControlAllowHeaders: ['*'],
        accessControlAllowCredentials: false,
        accessControlMaxAge: Duration.days(1),
        originOverride: true,
      },
      securityHeadersBehavior: {
        contentTypeOptions: { override: true },
        referrerPolicy: {
          referrerPolicy: HeadersReferrerPolicy.NO_REFERRER,
          override: true,
        },
        strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: true },
      },
      customHeadersBehavior: {
        customHeaders: [
          { header: 'cross-origin-resource-policy', value: 'cross-origin', override: true },
        ],
      },
    });
  }
}

function acknowledgeFindings(distribution: Distribution, domain: WidgetDomain | undefined): void {
  Validations.of(distribution).acknowledge(
    {
      id: 'AwsSolutions-CFR1',
      reason: 'Which countries may chat is decided by the page that carries the widget.',
    },
    {
      id: 'AwsSolutions-CFR2',
      reason: 'Files that everybody may have, and nothing behind them that could be attacked.',
    },
    {
      id: 'AwsSolutions-CFR3',
      reason:
        'A log of every page view with the address of its visitor, of which nobody has any use here; metrics count requests and errors.',
    },
  );
  if (domain !== undefined) return;
  Validations.of(distribution).acknowledge({
    id: 'AwsSolutions-CFR4',
    reason:
      'CloudFront takes no other security policy for its own name; with widget.domain it is TLS 1.2.',
  });
}
