import { createHash } from 'node:crypto';
import type { Resource } from '#local/assembly/assembly';
import { matchesGlob } from '../aws/iam.ts';

export interface StoredObject {
  readonly bytes: Buffer;
  /** Without quotes. */
  readonly eTag: string;
  readonly contentType: string;
  /** `x-amz-meta-…` */
  readonly metadata: Readonly<Record<string, string>>;
}

interface CorsRule {
  readonly AllowedOrigins: readonly string[];
  readonly AllowedMethods: readonly string[];
  readonly AllowedHeaders?: readonly string[];
  readonly MaxAge?: number;
}

/** One bucket, in memory: what is in it ends with the process. */
export class LocalBucket {
  readonly name: string;
  readonly arn: string;
  /** Whether EventBridge hears of new objects. */
  readonly tellsEventBridge: boolean;
  readonly #cors: readonly CorsRule[];
  readonly #objects = new Map<string, StoredObject>();

  /** @throws Error for a bucket that is public, or whose settings are not known here. */
  constructor({ logicalId, physicalId, properties }: Resource) {
    const unknown = Object.keys(properties).find((name) => !KNOWN.has(name));
    if (unknown !== undefined) throw new Error(`${logicalId}: ${unknown} is not supported`);
    const access = properties['PublicAccessBlockConfiguration'] ?? {};
    if (Object.values(access).filter((each) => each === true).length !== 4) {
      throw new Error(`${logicalId}: public access is not blocked`);
    }
    this.name = physicalId;
    this.arn = `arn:aws:s3:::${physicalId}`;
    const told = properties['NotificationConfiguration']?.EventBridgeConfiguration;
    this.tellsEventBridge = told?.EventBridgeEnabled === true;
    this.#cors = properties['CorsConfiguration']?.CorsRules ?? [];
  }

  get keys(): readonly string[] {
    return [...this.#objects.keys()];
  }

  get(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  put(key: string, object: Omit<StoredObject, 'eTag'>): StoredObject {
    const eTag = createHash('md5').update(object.bytes).digest('hex');
    const stored = { ...object, eTag };
    this.#objects.set(key, stored);
    return stored;
  }

  delete(key: string): void {
    this.#objects.delete(key);
  }

  /**
   * @param asked names of headers that the page wants to send, in small letters.
   * @returns the headers that let a page of this origin read an answer; none: it may not.
   */
  corsHeaders(
    origin: string | undefined,
    method: string,
    asked: readonly string[] = [],
  ): Record<string, string> {
    const rule = this.#cors.find(
      ({ AllowedOrigins, AllowedMethods, AllowedHeaders = [] }) =>
        AllowedMethods.includes(method) &&
        asked.every((name) => AllowedHeaders.some((allowed) => matchesGlob(allowed, name))) &&
        AllowedOrigins.some((allowed) => matchesGlob(allowed, origin ?? '')),
    );
    if (rule === undefined || origin === undefined) return {};
    return {
      'access-control-allow-origin': origin,
      'access-control-allow-methods': rule.AllowedMethods.join(', '),
      ...(asked.length > 0 && { 'access-control-allow-headers': asked.join(', ') }),
      ...(rule.MaxAge !== undefined && { 'access-control-max-age': String(rule.MaxAge) }),
      vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
    };
  }
}

/** Encryption and lifecycle make no difference within a day on one machine. */
const KNOWN = new Set([
  'BucketEncryption',
  'CorsConfiguration',
  'LifecycleConfiguration',
  'NotificationConfiguration',
  'PublicAccessBlockConfiguration',
]);
