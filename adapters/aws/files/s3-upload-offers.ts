import { randomUUID } from 'node:crypto';
import type { OfferedFile, UploadOffer, UploadOffers } from '#core/files/file-ports';
import { keyOf, metadataOf } from './file-metadata.ts';
import { ALGORITHM, basicDate, type Credentials, credentialScope, sign } from './sigv4.ts';

const OFFER_MS = 5 * 60_000;

/**
 * Forms by which a browser posts one file to S3. The signed policy takes exactly these fields and
 * exactly this many bytes. It ends earlier if the function's own credentials do.
 * Source: Amazon S3 API reference, "POST Policy".
 */
export class S3UploadOffers implements UploadOffers {
  readonly #bucketUrl: string;
  readonly #bucket: string;
  readonly #credentials: () => Credentials;

  constructor(bucketUrl: string, bucket: string, credentials: () => Credentials) {
    this.#bucketUrl = bucketUrl;
    this.#bucket = bucket;
    this.#credentials = credentials;
  }

  offer(file: OfferedFile, nowMs: number): UploadOffer {
    const credentials = this.#credentials();
    const date = basicDate(nowMs);
    const { region, sessionToken } = credentials;
    const scope = credentialScope(date, region);
    const fields = {
      key: keyOf(file, randomUUID()),
      'Content-Type': file.contentType,
      ...metadataOf(file),
      'x-amz-algorithm': ALGORITHM,
      'x-amz-credential': `${credentials.accessKeyId}/${scope}`,
      'x-amz-date': date,
      ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
    };
    const expiresAtMs = nowMs + OFFER_MS;
    const policy = {
      expiration: new Date(expiresAtMs).toISOString(),
      conditions: [
        { bucket: this.#bucket },
        ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
        ['content-length-range', file.size, file.size],
      ],
    };
    const encoded = Buffer.from(JSON.stringify(policy)).toString('base64');
    const signed = { policy: encoded, 'x-amz-signature': sign(credentials, scope, encoded) };
    return { url: `${this.#bucketUrl}/`, fields: { ...fields, ...signed }, expiresAtMs };
  }
}
