import { formOf, parseForm } from '#adapters/twilio/webhooks/form';

describe('parseForm', () => {
  test.each([
    ['a=1&b=', { a: '1', b: '' }],
    ['a=1+2%203', { a: '1 2 3' }],
    ['a=1%2B1%3D2%26', { a: '1+1=2&' }],
    ['t=b&t=a&t=b', { t: ['b', 'a', 'b'] }],
    ['a=Gr%C3%BC%C3%9Fe%20%F0%9F%91%8B%0D%0A', { a: 'Grüße 👋\r\n' }],
    ['a.b=1', { 'a.b': '1' }],
    ['', {}],
  ])('decodes %j', (body, expected) => {
    expect(parseForm(body)).toEqual(expected);
  });

  test('keeps a field that is called like the prototype', () => {
    const form = parseForm('__proto__=x&a=1');

    expect(Object.keys(form)).toEqual(['__proto__', 'a']);
    expect(Object.getPrototypeOf(form)).toBe(Object.prototype);
  });

  test('lets broken escapes stand', () => {
    expect(parseForm('a=%zz%')).toEqual({ a: '%zz%' });
  });
});

describe('the fields of a webhook', () => {
  test('are 256 at most, whatever they are called', () => {
    expect(parseForm('a=1&'.repeat(255)).a).toHaveLength(255);
    expect(() => parseForm('a=1&'.repeat(256))).toThrow('256 fields');
    expect(() => parseForm('&'.repeat(256))).toThrow('256 fields');
  });

  test('are read where the content type says so, without regard to case and parameters', () => {
    expect(formOf('Application/X-WWW-Form-Urlencoded ; charset=utf-8', 'a=1')).toEqual({ a: '1' });
    expect(formOf('text/plain', 'a=1')).toBeUndefined();
    expect(formOf(undefined, 'a=1')).toBeUndefined();
  });
});
