import { bodyOf } from '#lambdas/shared/body';

const base64 = (text: string) => ({
  body: Buffer.from(text).toString('base64'),
  isBase64Encoded: true,
});

describe('the body of a request', () => {
  test.each(['12345', '123456', '1234567'])('is at most as long as it may be: %s', (text) => {
    const most = text.length;

    expect(bodyOf({ body: text }, most)).toBe(text);
    expect(bodyOf({ body: text }, most - 1)).toBeUndefined();
    expect(bodyOf(base64(text), most)).toBe(text);
    expect(bodyOf(base64(text), most - 1)).toBeUndefined();
  });

  test('is empty where there is none', () => {
    expect(bodyOf({ body: null }, 0)).toBe('');
    expect(bodyOf({}, 0)).toBe('');
  });
});
