/** As JSON. Whether characters or bytes count is not documented: neither may be more. */
const MAX_TASK_ATTRIBUTES = 4_096;

/** Source: https://www.twilio.com/docs/taskrouter/api/task */
export function fitsTask(attributes: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(attributes)) <= MAX_TASK_ATTRIBUTES;
}
