/** What functions have where customers send files; nothing elsewhere. */

import { DynamoSessionCounters } from '#adapters/aws/dynamo-session-counters';
import type { DynamoTable } from '#adapters/aws/dynamo-table';
import { S3UploadOffers } from '#adapters/aws/files/s3-upload-offers';
import { S3UploadedFiles } from '#adapters/aws/files/s3-uploaded-files';
import { lambdaCredentials } from '#adapters/aws/files/sigv4';
import type { UploadedFiles } from '#core/files/file-ports';
import type { FileOffering } from '#core/files/offer-upload';
import { ENV } from '../contract/environment.ts';
import { readEnv } from '../contract/read-env.ts';

/** For what answers `attach`. */
export function createFileOffering(
  source: NodeJS.ProcessEnv,
  table: DynamoTable,
): { readonly files?: FileOffering } {
  if (!source[ENV.filesBucket.name]) return {};
  const env = readEnv(source, 'filesBucket', 'filesBucketUrl', 'filePolicy');
  return {
    files: {
      policy: env.filePolicy,
      offers: new S3UploadOffers(env.filesBucketUrl, env.filesBucket, lambdaCredentials(source)),
      counters: new DynamoSessionCounters(table),
    },
  };
}

/**
 * For what reads uploads.
 * @param remainingMs how long the running invocation can wait for S3.
 */
export function createUploadedFiles(
  source: NodeJS.ProcessEnv,
  remainingMs: () => number,
): { readonly files?: UploadedFiles } {
  if (!source[ENV.filesBucketUrl.name]) return {};
  const { filesBucketUrl } = readEnv(source, 'filesBucketUrl');
  return { files: new S3UploadedFiles(filesBucketUrl, lambdaCredentials(source), remainingMs) };
}
