import { DynamoConnectionStore } from '#adapters/aws/dynamo-connection-store';
import { DynamoSessionStore } from '#adapters/aws/dynamo-session-store';
import { DynamoTable } from '#adapters/aws/dynamo-table';
import { S3UploadedFiles } from '#adapters/aws/files/s3-uploaded-files';
import { lambdaCredentials } from '#adapters/aws/files/sigv4';
import { SocketPush } from '#adapters/aws/socket-push';
import { SqsFlexMailbox } from '#adapters/aws/sqs-flex-mailbox';
import type { AcceptPorts } from '#core/files/accept-file';
import type { FilePolicy } from '#core/files/file-ports';
import { readEnv } from '../contract/read-env.ts';

/** @throws Error that names what is missing or malformed in the environment. */
export function acceptFilePorts(source: NodeJS.ProcessEnv): {
  readonly ports: AcceptPorts;
  readonly policy: FilePolicy;
  readonly isScanned: boolean;
} {
  const env = readEnv(
    source,
    'tableName',
    'queueUrl',
    'socketCallbackUrl',
    'filesBucketUrl',
    'filePolicy',
    'scansFiles',
  );
  const table = new DynamoTable(env.tableName);
  return {
    ports: {
      sessions: new DynamoSessionStore(table),
      connections: new DynamoConnectionStore(table),
      customers: new SocketPush(env.socketCallbackUrl),
      mailbox: new SqsFlexMailbox(env.queueUrl),
      files: new S3UploadedFiles(env.filesBucketUrl, lambdaCredentials(source)),
    },
    policy: env.filePolicy,
    isScanned: env.scansFiles,
  };
}
