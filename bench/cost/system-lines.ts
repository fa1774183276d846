/** What Lambda writes itself for each invocation, by the level that the template asks for. */

const REQUEST_ID = '6bcaf1d9-9d28-4f8b-8d5a-6f3b0d1c2e4f';
const TIME = '2026-11-28T09:00:00.000Z';

/**
 * In JSON form, of an invocation that goes well. Source: Lambda developer guide, "Using structured
 * JSON format with system logs" and "System log level event mapping".
 */
const LINES = [
  {
    time: TIME,
    type: 'platform.start',
    record: { requestId: REQUEST_ID, version: '$LATEST' },
  },
  {
    time: TIME,
    type: 'platform.report',
    record: {
      requestId: REQUEST_ID,
      metrics: {
        durationMs: 12.345,
        billedDurationMs: 13,
        memorySizeMB: 512,
        maxMemoryUsedMB: 110,
      },
      status: 'success',
    },
  },
];

/** Text form has three lines instead, of about the same length together. */
export function systemLines(level: string | undefined): { lines: number; bytes: number } {
  if (level === 'WARN') return { lines: 0, bytes: 0 };
  const bytes = LINES.reduce((sum, line) => sum + JSON.stringify(line).length + 1, 0);
  return { lines: LINES.length, bytes };
}
