import { parseFrame } from '#protocol/frames';

const parse = (frame: object, maxBodyBytes?: number) =>
  parseFrame(JSON.stringify(frame), maxBodyBytes);

const A_MESSAGE = { action: 'sendMessage', id: 'm1', body: 'hello' };

const A_FILE = {
  action: 'attach',
  id: 'f1',
  filename: 'cat.png',
  contentType: 'image/png',
  size: 1,
};

/** Two, three and four bytes each in UTF-8. */
const UMLAUT = 'ü';
const EURO = '€';
const BALLOON = '🎈';

describe('parseFrame accepts', () => {
  test.each([
    { action: 'hello' },
    { action: 'hello', ref: 'r1', profile: {}, after: { chat: 1, index: -1 } },
    {
      action: 'hello',
      profile: {
        name: 'Ada',
        email: 'ada@example.com',
        language: 'en-GB',
        pageUrl: 'https://example.com/help',
        fields: { plan: 'free' },
      },
    },
    { action: 'sendMessage', ref: 'r1', id: 'aZ09_-', body: 'hello' },
    { ...A_MESSAGE, chat: 2, attributes: { nested: { list: [1, null, true] } } },
    { ...A_MESSAGE, choice: { chat: 1, index: 0, id: 'yes' } },
    { ...A_FILE, ref: 'r1', chat: 2 },
    { ...A_FILE, filename: 'Grüße 🎈, "Ada".png', contentType: 'application/vnd.a+b' },
    { action: 'media', chat: 1, index: 0, id: 'ME1' },
    { action: 'history' },
    { action: 'history', after: { chat: 3, index: 12 }, limit: 100 },
    { action: 'history', limit: 1 },
    { action: 'startChat' },
    { action: 'startChat', profile: { name: 'Ada' } },
    { action: 'markRead', chat: 1, index: 0 },
    { action: 'typing', ref: 'r1' },
    { action: 'typing', chat: 2, index: 7 },
    { action: 'endChat' },
    { action: 'checkToken', ref: 'r1', token: 'a.b.c' },
    { action: 'ping', ref: '' },
  ])('%j', (frame) => {
    expect(parse(frame)).toEqual({ ok: true, frame });
  });

  test('fields it does not know, and leaves them out', () => {
    const parsed = parse({ ...A_MESSAGE, colour: 'red', type: 'x' });

    expect(parsed).toEqual({ ok: true, frame: A_MESSAGE });
  });

  test('unknown fields inside a profile and a cursor, and leaves them out', () => {
    const parsed = parse({
      action: 'hello',
      profile: { name: 'Ada', age: 36 },
      after: { chat: 1, index: 2, at: 'x' },
    });

    expect(parsed).toEqual({
      ok: true,
      frame: { action: 'hello', profile: { name: 'Ada' }, after: { chat: 1, index: 2 } },
    });
  });
});

describe('parseFrame answers bad_frame to', () => {
  test.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['half of JSON', '{"action":"ping"'],
    ['a list', '[{"action":"ping"}]'],
    ['null', 'null'],
    ['a number', '1'],
    ['a text in JSON', '"ping"'],
    ['no action', '{}'],
    ['an action that is no text', '{"action":1}'],
  ])('%s', (_, raw) => {
    expect(parseFrame(raw)).toMatchObject({ ok: false, code: 'bad_frame' });
  });

  test.each([
    [{ action: 'hello', profile: 'Ada' }, 'profile'],
    [{ action: 'hello', profile: null }, 'profile'],
    [{ action: 'hello', profile: [] }, 'profile'],
    [{ action: 'hello', profile: { name: 1 } }, 'profile.name'],
    [{ action: 'hello', profile: { fields: [] } }, 'profile.fields'],
    [{ action: 'hello', profile: { fields: { plan: 1 } } }, 'profile.fields.plan'],
    [{ action: 'hello', after: { chat: 1 } }, 'after.index'],
    [{ action: 'hello', after: { chat: 1, index: -2 } }, 'after.index'],
    [{ action: 'hello', after: { chat: 0, index: 1 } }, 'after.chat'],
    [{ action: 'hello', after: { chat: 1, index: 0.5 } }, 'after.index'],
    [{ action: 'hello', after: [] }, 'after.chat'],
    [{ action: 'sendMessage', id: 'm1' }, 'body'],
    [{ action: 'sendMessage', body: 'hello' }, 'id'],
    [{ ...A_MESSAGE, body: '' }, 'body'],
    [{ ...A_MESSAGE, body: 1 }, 'body'],
    [{ ...A_MESSAGE, id: '' }, 'id'],
    [{ ...A_MESSAGE, id: 'a b' }, 'id'],
    [{ ...A_MESSAGE, id: 'ä' }, 'id'],
    [{ ...A_MESSAGE, id: 'm1\n' }, 'id'],
    [{ ...A_MESSAGE, id: 'x'.repeat(65) }, 'id'],
    [{ ...A_MESSAGE, chat: 0 }, 'chat'],
    [{ ...A_MESSAGE, chat: '1' }, 'chat'],
    [{ ...A_MESSAGE, chat: 2 ** 53 }, 'chat'],
    [{ ...A_MESSAGE, attributes: 'x' }, 'attributes'],
    [{ ...A_MESSAGE, attributes: [] }, 'attributes'],
    [{ ...A_MESSAGE, attributes: null }, 'attributes'],
    [{ action: 'history', limit: 0 }, 'limit'],
    [{ action: 'history', limit: 101 }, 'limit'],
    [{ action: 'history', limit: 1.5 }, 'limit'],
    [{ action: 'history', after: 5 }, 'after'],
    [{ action: 'startChat', profile: 1 }, 'profile'],
    [{ action: 'markRead', index: 0 }, 'chat'],
    [{ action: 'markRead', chat: 1 }, 'index'],
    [{ action: 'markRead', chat: 1, index: -1 }, 'index'],
    [{ action: 'checkToken' }, 'token'],
    [{ action: 'checkToken', token: '' }, 'token'],
    [{ action: 'checkToken', token: ['a'] }, 'token'],
    [{ action: 'ping', ref: 1 }, 'ref'],
    [{ action: 'typing', ref: null }, 'ref'],
    [{ action: 'typing', chat: 0 }, 'chat'],
    [{ action: 'typing', index: -1 }, 'index'],
    [{ action: 'endChat', ref: 'x'.repeat(65) }, 'ref'],
  ])('%j, naming %s', (frame, path) => {
    const parsed = parse(frame);

    expect(parsed).toMatchObject({
      ok: false,
      code: 'bad_frame',
      message: expect.stringMatching(new RegExp(`^${path.replaceAll('.', '\\.')}: `)),
    });
  });
});

describe('parseFrame answers unknown_action to', () => {
  test.each(['', 'Ping', 'subscribe', 'constructor', '__proto__'])('%j', (action) => {
    expect(parse({ action, ref: 'r1' })).toMatchObject({
      ok: false,
      code: 'unknown_action',
      ref: 'r1',
    });
  });
});

describe('parseFrame names the refused frame', () => {
  test('by ref and id', () => {
    const parsed = parse({ ...A_MESSAGE, ref: 'r1', body: '' });

    expect(parsed).toMatchObject({ ok: false, ref: 'r1', id: 'm1' });
  });

  test('by ref and id of a frame whose action is unknown or missing', () => {
    expect(parse({ action: 'x', ref: 'r1', id: 'm1' })).toMatchObject({ ref: 'r1', id: 'm1' });
    expect(parse({ ref: 'r1', id: 'm1' })).toMatchObject({ ref: 'r1', id: 'm1' });
  });

  test.each([
    ['too long', { ref: 'x'.repeat(65), id: 'x'.repeat(65) }],
    ['no text', { ref: 1, id: { a: 1 } }],
  ])('not by a ref or id that is %s', (_, names) => {
    const parsed = parse({ action: 'sendMessage', ...names });

    expect(parsed).not.toHaveProperty('ref');
    expect(parsed).not.toHaveProperty('id');
  });

  test('without repeating what it said', () => {
    const parsed = parse({ ...A_MESSAGE, attributes: 'secret', chat: 1.5, body: 7 });

    expect(JSON.stringify(parsed)).not.toMatch(/secret|1\.5|7/);
  });
});

describe('limits, in bytes', () => {
  const padding = '{"action":"ping","pad":""}'.length;

  test.each([
    ['x', 32_768 - padding],
    [UMLAUT, (32_768 - padding) / 2],
    [EURO, (32_768 - padding) / 3],
  ])('a frame of %j has at most 32,768', (character, count) => {
    const frame = (pad: string) => `{"action":"ping","pad":"${pad}"}`;
    const fitting = character.repeat(Math.floor(count));
    const rest = 'x'.repeat(32_768 - padding - Buffer.byteLength(fitting));

    expect(parseFrame(frame(fitting + rest))).toEqual({ ok: true, frame: { action: 'ping' } });
    expect(parseFrame(frame(`${fitting}${rest}x`))).toMatchObject({ code: 'too_large' });
  });

  test.each([
    ['x', 8_192],
    [UMLAUT, 4_096],
    [BALLOON, 2_048],
  ])('a body of %j has at most 8,192 by default', (character, count) => {
    const body = character.repeat(count);

    expect(parse({ ...A_MESSAGE, body })).toMatchObject({ ok: true, frame: { body } });
    expect(parse({ ...A_MESSAGE, ref: 'r1', body: `${body}x` })).toMatchObject({
      ok: false,
      code: 'too_large',
      ref: 'r1',
      id: 'm1',
      message: expect.stringContaining('8192'),
    });
  });

  test('a body has as many as configured, 16,384 at most', () => {
    const body = EURO.repeat(5_461);

    expect(parse({ ...A_MESSAGE, body: `${body}x` }, 16_384)).toMatchObject({ ok: true });
    expect(parse({ ...A_MESSAGE, body: `${body}xx` }, 16_384)).toMatchObject({ code: 'too_large' });
    expect(parse({ ...A_MESSAGE, body: `${body}xx` }, 99_999)).toMatchObject({ code: 'too_large' });
    expect(parse({ ...A_MESSAGE, body: 'xxxx' }, 3)).toMatchObject({ code: 'too_large' });
  });

  test.each([
    ['name', 256],
    ['email', 320],
    ['language', 35],
    ['pageUrl', 2_048],
  ])('%s of a profile has at most %d', (field, maxBytes) => {
    const fitting = UMLAUT.repeat(Math.floor(maxBytes / 2)) + 'x'.repeat(maxBytes % 2);
    const hello = (value: string) => parse({ action: 'hello', profile: { [field]: value } });

    expect(hello(fitting)).toMatchObject({ ok: true });
    expect(hello(`${fitting}x`)).toMatchObject({
      code: 'too_large',
      message: expect.stringMatching(`^profile.${field}: `),
    });
  });

  test('a profile has at most 4,096 as JSON', () => {
    const profile = (length: number) => ({ fields: { note: `${EURO}${'x'.repeat(length)}` } });
    const rest = 4_096 - Buffer.byteLength(JSON.stringify(profile(0)));

    expect(parse({ action: 'startChat', profile: profile(rest) })).toMatchObject({ ok: true });
    expect(parse({ action: 'startChat', profile: profile(rest + 1) })).toMatchObject({
      code: 'too_large',
    });
  });

  test('attributes have at most 2,048 as JSON', () => {
    const attributes = (length: number) => ({ note: `${BALLOON}${'x'.repeat(length)}` });
    const rest = 2_048 - Buffer.byteLength(JSON.stringify(attributes(0)));

    expect(parse({ ...A_MESSAGE, attributes: attributes(rest) })).toMatchObject({ ok: true });
    expect(parse({ ...A_MESSAGE, attributes: attributes(rest + 1) })).toMatchObject({
      code: 'too_large',
      id: 'm1',
    });
  });

  test('a ref has at most 64 characters, of whatever size', () => {
    expect(parse({ action: 'ping', ref: EURO.repeat(64) })).toMatchObject({ ok: true });
    expect(parse({ action: 'ping', ref: EURO.repeat(65) })).toMatchObject({ code: 'bad_frame' });
  });

  test('an id has at most 64 characters', () => {
    expect(parse({ ...A_MESSAGE, id: 'x'.repeat(64) })).toMatchObject({ ok: true });
    expect(parse({ ...A_MESSAGE, id: 'x'.repeat(65) })).toMatchObject({ code: 'bad_frame' });
  });
});

describe('depth', () => {
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const message = (attribute: string) =>
    `{"ref":"r1","id":"m1","attributes":{"a":${attribute}},"action":"sendMessage","body":"x"}`;

  test('of lists and objects is at most 32, the frame included', () => {
    expect(parseFrame(message(nested(30)))).toMatchObject({ ok: true });
    expect(parseFrame(message(nested(31)))).toEqual({
      ok: false,
      code: 'bad_frame',
      message: 'a frame is nested at most 32 deep',
      ref: 'r1',
      id: 'm1',
    });
  });

  test.each([
    ['lists', nested(16_000)],
    ['objects', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
  ])('of thousands of %s is refused and does not throw', (_what, attribute) => {
    expect(parseFrame(message(attribute))).toMatchObject({ ok: false, code: 'bad_frame' });
  });

  test('does not count what stands in texts, escaped quotes and backslashes included', () => {
    const body = `${'[{'.repeat(40)}"\\${'['.repeat(40)}`;

    expect(parse({ ...A_MESSAGE, body })).toMatchObject({ ok: true, frame: { body } });
    expect(parseFrame(message(`"\\\\",${'"b":'}${nested(40)}`))).toMatchObject({ ok: false });
  });
});

describe('a body of nothing to see', () => {
  test.each([
    ['spaces', '   '],
    ['line breaks and tabs', '\r\n\t'],
    ['Unicode white space', '\u00a0\u1680\u2003\u2028\u3000\ufeff\u0085'],
    ['zero-width characters', '\u200b\u200d\u2060\ufe0f'],
    ['fillers', '\u3164\u115f\uffa0\u2800\u00ad\u034f'],
    ['marks of direction', '\u200e\u202e\u2066'],
    ['tags', '\u{e0041}\u{e007f}'],
    ['a note without a head', '\u{1d159}'],
    ['joiners of hieroglyphs', '\u{13430}\u{1343f}'],
    ['control characters', '\u0000\u0007\u001b'],
  ])('is refused: %s', (_what, body) => {
    expect(parse({ ...A_MESSAGE, ref: 'r1', body })).toEqual({
      ok: false,
      code: 'bad_frame',
      message: 'body: blank, nothing to see',
      ref: 'r1',
      id: 'm1',
    });
  });

  test.each(['.', '👩‍👩‍👧', ' \u200ba', '\u0301', '\ud800', '؀', '❤️'])(
    'is not one of %j, which is kept as it is',
    (body) => {
      expect(parse({ ...A_MESSAGE, body })).toMatchObject({ ok: true, frame: { body } });
    },
  );
});

describe('a refusal', () => {
  test('names the limit that is configured, however far a body is above it', () => {
    const parsed = parse({ ...A_MESSAGE, body: 'x'.repeat(20_000) }, 8_192);

    expect(parsed).toMatchObject({ message: 'body: too large: at most 8192 bytes' });
  });

  test.each(['x'.repeat(32_000), '\u0001'.repeat(5_000), '🎈'.repeat(8_000)])(
    'stays small whatever the name of the refused field',
    (name) => {
      const parsed = parse({ action: 'hello', profile: { fields: { [name]: 1 } } });

      expect(parsed).toMatchObject({
        code: 'bad_frame',
        message: expect.stringMatching(/^profile\.fields\./),
      });
      expect(Buffer.byteLength(JSON.stringify(parsed))).toBeLessThan(1_024);
    },
  );
});

describe('parseFrame refuses a file', () => {
  test.each([
    ['without a name', { filename: '' }],
    ['with a path', { filename: 'a/cat.png' }],
    ['with a path of Windows', { filename: 'a\\cat.png' }],
    ['with a line break in its name', { filename: 'cat\r\n.png' }],
    ['with half of a character in its name', { filename: 'cat\ud83c.png' }],
    ['with a name that is too long', { filename: 'c'.repeat(201) }],
    ['with no type', { contentType: 'png' }],
    ['with parameters in its type', { contentType: 'text/plain; charset=utf-8' }],
    ['with capitals in its type', { contentType: 'Image/PNG' }],
    ['of no bytes', { size: 0 }],
    ['of half a byte', { size: 1.5 }],
    ['with an id that names a path', { id: '../f1' }],
  ])('%s', (_, changed) => {
    expect(parse({ ...A_FILE, ...changed })).toMatchObject({ ok: false, code: 'bad_frame' });
  });
});
