import type { AwsAnswer, AwsPermission, AwsRequest, AwsService } from '../aws/aws-service.ts';
import type { LocalBucket } from './bucket.ts';
import { S3Error } from './s3-error.ts';

/** `GetObject`, also of a range from the start, and `DeleteObject`. */
export class ObjectService implements AwsService {
  readonly name = 's3';
  readonly #bucket: LocalBucket;

  constructor(bucket: LocalBucket) {
    this.#bucket = bucket;
  }

  /** Who may not list a bucket does not learn that an object is not there. */
  permissionFor({ method, path }: AwsRequest): AwsPermission | undefined {
    const key = keyIn(path);
    if (key === '') return undefined;
    const { arn } = this.#bucket;
    const resource = `${arn}/${key}`;
    if (method === 'DELETE') return { action: 's3:DeleteObject', resource };
    if (method !== 'GET') return undefined;
    return this.#bucket.get(key) === undefined
      ? { action: 's3:ListBucket', resource: arn }
      : { action: 's3:GetObject', resource };
  }

  async handle({ method, path, headers }: AwsRequest): Promise<AwsAnswer> {
    const key = keyIn(path);
    if (headers['x-amz-content-sha256'] === undefined) {
      const message = 'Missing required header for this request: x-amz-content-sha256';
      return new S3Error(400, 'InvalidRequest', message).answer;
    }
    if (method === 'DELETE') {
      this.#bucket.delete(key);
      return { status: 204 };
    }
    return this.#get(key, headers);
  }

  #get(key: string, headers: AwsRequest['headers']): AwsAnswer {
    const object = this.#bucket.get(key);
    if (object === undefined) {
      return new S3Error(404, 'NoSuchKey', 'The specified key does not exist.').answer;
    }
    const { bytes, eTag, contentType, metadata } = object;
    const match = headers['if-match'];
    if (match !== undefined && match !== `"${eTag}"`) {
      const message = 'At least one of the pre-conditions you specified did not hold';
      return new S3Error(412, 'PreconditionFailed', message).answer;
    }
    const described = { etag: `"${eTag}"`, 'content-type': contentType, ...metadata };
    const [, last] = /^bytes=0-(\d+)$/.exec(headers['range'] ?? '') ?? [];
    if (last === undefined) return { status: 200, headers: described, body: bytes };
    if (bytes.length === 0) {
      return new S3Error(416, 'InvalidRange', 'The requested range is not satisfiable').answer;
    }
    const part = bytes.subarray(0, Number(last) + 1);
    const range = `bytes 0-${part.length - 1}/${bytes.length}`;
    return { status: 206, headers: { ...described, 'content-range': range }, body: part };
  }
}

const keyIn = (path: string): string => decodeURIComponent(path.slice(1).split('?')[0] ?? '');
