import { checkParameters } from '#local/emulators/twilio/rest/check-parameters';
import { parseDurationMs } from '#local/emulators/twilio/rest/duration';
import {
  duration,
  integer,
  json,
  oneOf,
  type Parameter,
  sid,
  text,
  textOfBytes,
  time,
  url,
} from '#local/emulators/twilio/rest/parameter';

const SID = `CH${'0a'.repeat(16)}`;

describe('checkParameters', () => {
  test('gives the values of what fits', () => {
    const expected = [text('Body'), integer('Index', 0), text('Filters', 9, { repeated: true })];

    const parameters = checkParameters(expected, [
      ['Filters', 'a'],
      ['Body', 'hello'],
      ['Filters', 'b'],
      ['Index', '3'],
    ]);

    expect(parameters.text('Body')).toBe('hello');
    expect(parameters.integer('Index')).toBe(3);
    expect(parameters.list('Filters')).toEqual(['a', 'b']);
    expect(parameters.text('Absent')).toBeUndefined();
  });

  test.each([
    ['an unknown name', [text('Body')], [['Bdy', 'x']], 'Unknown parameter Bdy'],
    ['another case', [text('Body')], [['body', 'x']], 'Unknown parameter body'],
    ['a missing one', [text('Body', 9, { required: true })], [], 'Missing required parameter Body'],
    [
      'a repetition',
      [text('Body')],
      [
        ['Body', 'x'],
        ['Body', 'x'],
      ],
      'Parameter Body is given more than once',
    ],
  ] as const)('refuses %s', (_, expected, given, message) => {
    const check = () => checkParameters(expected, given);

    expect(check).toThrow(expect.objectContaining({ status: 400, code: 20001, message }));
  });

  test.each<[Parameter, good: string, bad: string]>([
    [text('Name', 3), 'abc', 'abcd'],
    [textOfBytes('Name', 3), 'ab', 'éé'],
    [oneOf('State', ['active']), 'active', 'Active'],
    [sid('Sid', 'CH'), SID, SID.replace('CH', 'IM')],
    [sid('Sid', 'CH'), SID, SID.slice(0, -1)],
    [sid('Sid', 'CH'), SID, `${SID.slice(0, -1)}g`],
    [integer('Index', 0, 5), '5', '6'],
    [integer('Index', 0), '0', '-1'],
    [integer('Index', 0), '10', '1.5'],
    [integer('Index', 0), '10', '1e1'],
    [time('At'), '2026-01-05T10:20:30.412Z', '2026-01-05'],
    [time('At'), '2026-01-05T10:20:30+02:00', '2026-13-05T10:20:30Z'],
    [duration('After', 60_000, 50375), 'PT1M', 'PT59S'],
    [duration('After', 60_000, 50375), 'P1DT2H', '60'],
    [json('Attributes'), '{"a":1}', '{a:1}'],
    [json('Attributes', 9), '{"a":1}', '{"a":1234}'],
    [url('Url'), 'https://example.com/x', '/x'],
    [url('Url'), 'http://127.0.0.1:1/x', 'ftp://example.com/x'],
  ])('holds a value against its kind: %j', (parameter, good, bad) => {
    const check = (value: string) => checkParameters([parameter], [[parameter.name, value]]);

    expect(check(good).text(parameter.name)).toBe(good);
    expect(() => check(bad)).toThrow(expect.objectContaining({ status: 400 }));
  });

  test('answers with the code that the parameter has of its own', () => {
    const check = () => checkParameters([duration('Timer', 60_000, 50375)], [['Timer', 'PT1S']]);

    expect(check).toThrow(expect.objectContaining({ code: 50375 }));
  });
});

describe('parseDurationMs', () => {
  test.each([
    ['PT10M', 600_000],
    ['P1W', 604_800_000],
    ['P1DT1H1M1.5S', 90_061_500],
    ['P', undefined],
    ['PT', undefined],
    ['10M', undefined],
  ])('reads %s', (given, expected) => {
    expect(parseDurationMs(given)).toBe(expected);
  });
});
