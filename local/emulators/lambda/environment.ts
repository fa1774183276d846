import { devNull } from 'node:os';
import path from 'node:path';
import { LOCAL_REGION } from '../../assembly/assembly.ts';
import type { Caller } from '../aws/callers.ts';
import type { FunctionSettings } from './function-settings.ts';

/**
 * The variables that Lambda itself sets, with the access key of the function's role.
 * Source: Lambda developer guide, "Defined runtime environment variables".
 */
export function runtimeEnvironment(
  settings: FunctionSettings,
  caller: Caller,
): Record<string, string> {
  return {
    AWS_REGION: LOCAL_REGION,
    AWS_DEFAULT_REGION: LOCAL_REGION,
    AWS_ACCESS_KEY_ID: caller.accessKeyId,
    AWS_SECRET_ACCESS_KEY: caller.secretAccessKey,
    AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: settings.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: settings.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: path.dirname(settings.handler.file),
    _HANDLER: `${path.parse(settings.handler.file).name}.${settings.handler.name}`,
    LANG: 'en_US.UTF-8',
    PATH: process.env['PATH'] ?? '',
    TZ: ':UTC',
    // The developer's own AWS settings must not reach the functions.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
