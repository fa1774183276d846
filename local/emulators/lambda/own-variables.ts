/** Of all names and values together, measured as JSON. */
const MAX_BYTES = 4_096;

const NAME = /^[A-Za-z][A-Za-z0-9_]+$/;

/** Names that Lambda keeps for itself. Source: Lambda developer guide, "Defined runtime environment variables". */
const RESERVED = new Set([
  ...['_HANDLER', '_X_AMZN_TRACE_ID', 'AWS_DEFAULT_REGION', 'AWS_REGION', 'AWS_EXECUTION_ENV'],
  ...['AWS_LAMBDA_FUNCTION_NAME', 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
  ...['AWS_LAMBDA_FUNCTION_VERSION', 'AWS_LAMBDA_INITIALIZATION_TYPE'],
  ...['AWS_LAMBDA_LOG_GROUP_NAME', 'AWS_LAMBDA_LOG_STREAM_NAME', 'AWS_LAMBDA_RUNTIME_API'],
  ...['AWS_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'],
  ...['LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR'],
]);

/**
 * Refuses variables that Lambda would not take.
 * @throws Error naming the variable; values are not shown.
 */
export function checkEnvironment(variables: Readonly<Record<string, string>>): void {
  const reserved = Object.keys(variables).find((name) => RESERVED.has(name));
  if (reserved !== undefined) throw new Error(`the variable ${reserved} is reserved for Lambda`);
  const misnamed = Object.keys(variables).find((name) => !NAME.test(name));
  if (misnamed !== undefined) throw new Error(`${misnamed} can't be the name of a variable`);
  const bytes = Buffer.byteLength(JSON.stringify(variables));
  if (bytes > MAX_BYTES) {
    throw new Error(`its variables have ${bytes} bytes: Lambda takes ${MAX_BYTES}`);
  }
}
