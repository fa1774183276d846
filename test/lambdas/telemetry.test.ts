import { ChatError } from '#core/errors';
import { createTelemetry } from '#lambdas/shared/telemetry';

interface Line {
  readonly _aws?: unknown;
  readonly [name: string]: unknown;
}

/** All that a function writes while the work is done. */
function linesOf(work: (telemetry: ReturnType<typeof deliverToFlex>) => void): Line[] {
  const lines: Line[] = [];
  const write = (...[text]: unknown[]) => void lines.push(JSON.parse(String(text)));
  const spies = (['log', 'info', 'error', 'warn'] as const).map((method) =>
    jest.spyOn(console, method).mockImplementation(write),
  );
  try {
    const telemetry = deliverToFlex();
    work(telemetry);
    telemetry.flush();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return lines;
}

const deliverToFlex = () => createTelemetry('deliver-to-flex');

describe('what a function writes', () => {
  // The library writes to the console of the process only when it is told to.
  beforeAll(() => {
    process.env['POWERTOOLS_DEV'] = 'true';
    process.env['POWERTOOLS_METRICS_DISABLED'] = 'false';
  });
  afterAll(() => {
    delete process.env['POWERTOOLS_DEV'];
    delete process.env['POWERTOOLS_METRICS_DISABLED'];
  });

  test('is nothing where nothing was counted', () => {
    expect(linesOf(() => {})).toEqual([]);
  });

  test('is nothing where what was counted is zero', () => {
    expect(linesOf((telemetry) => telemetry.count('LetterFailed', 0))).toEqual([]);
  });

  test('is one line of metrics, with the function as the only dimension', () => {
    const [line, ...others] = linesOf((telemetry) => {
      telemetry.count('LetterPosted');
      telemetry.count('LetterPosted');
      telemetry.measure('ToFlex', 120);
    });

    expect(others).toEqual([]);
    expect(line).toMatchObject({
      service: 'deliver-to-flex',
      LetterPosted: [1, 1],
      ToFlexMs: 120,
      _aws: { CloudWatchMetrics: [{ Namespace: 'FlexChannel', Dimensions: [['service']] }] },
    });
    expect(line).not.toHaveProperty('ToFlexLate');
  });

  test('counts a message that was late, and takes no time below zero from two clocks', () => {
    const [line] = linesOf((telemetry) => {
      telemetry.measure('ToFlex', 5_001);
      telemetry.measure('ToFlex', -3);
    });

    expect(line).toMatchObject({ ToFlexMs: [5_001, 0], ToFlexLate: 1 });
  });

  test.each([
    ['MISCONFIGURED', 'UpstreamMisconfigured'],
    ['RATE_LIMITED', 'UpstreamRateLimited'],
    ['UPSTREAM_UNAVAILABLE', 'UpstreamUnavailable'],
  ] as const)('counts %s beside the error', (code, metric) => {
    const [error, metrics] = linesOf((telemetry) => {
      telemetry.failed('letter failed', new ChatError(code, 'why'), { sessionId: 's1' });
    });

    expect(error).toMatchObject({
      level: 'ERROR',
      message: 'letter failed',
      code,
      sessionId: 's1',
    });
    expect(metrics).toMatchObject({ [metric]: 1 });
  });

  test('counts a bug as no failure of anybody else', () => {
    const lines = linesOf((telemetry) => telemetry.failed('letter failed', new TypeError('x')));

    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ code: 'BUG', reason: 'TypeError' });
  });
});
