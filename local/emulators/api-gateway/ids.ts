/** Gives numbers from 0 (inclusive) to 1 (exclusive), as `Math.random` does. */
export type Random = () => number;

const ID_BYTES = 11;

/**
 * Connection, message and request ids of WebSocket APIs: 16 characters of base64 that end in `=`.
 * Plain base64 holds `+` and `/` too: code that forgets to percent-encode an id fails here.
 */
export function newId(random: Random): string {
  return Buffer.from(randomBytes(ID_BYTES, random)).toString('base64');
}

/** Whether API Gateway could have made this connection id; for any other it answers 400, not 410. */
export function isWellFormedId(id: string): boolean {
  return /^[A-Za-z0-9+/]{15}=$/.test(id);
}

/** Value of the header `X-Amzn-Trace-Id`. */
export function newTraceId(nowMs: number, random: Random): string {
  const seconds = Math.floor(nowMs / 1000).toString(16);
  return `Root=1-${seconds}-${Buffer.from(randomBytes(12, random)).toString('hex')}`;
}

function randomBytes(count: number, random: Random): number[] {
  return Array.from({ length: count }, () => Math.floor(random() * 256));
}
