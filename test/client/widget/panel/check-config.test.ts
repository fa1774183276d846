import { isHopeless } from '#client/widget/hopeless';
import { checkConfig } from '#client/widget/panel/check-config';

const LANGUAGES = ['en', 'de', 'pt'];
const URL_FIELD = { url: 'wss://chat.example/live' };

describe('the configuration of the widget', () => {
  test('may be the address alone', () => {
    expect(checkConfig(URL_FIELD, LANGUAGES)).toEqual(URL_FIELD);
  });

  test('may be in any language that it brings texts for', () => {
    const config = { ...URL_FIELD, locale: 'fi', texts: { title: 'Ota yhteyttä' } };

    expect(checkConfig(config, LANGUAGES)).toEqual(config);
  });

  test('may hold everything', () => {
    const config = {
      ...URL_FIELD,
      locale: 'pt-BR',
      texts: { title: 'Help' },
      theme: 'dark',
      profile: { name: 'Ada' },
      form: [
        { name: 'topic', label: 'Topic', type: 'choice', options: ['a', 'b'] },
        {
          name: 'no',
          label: 'No',
          type: 'text',
          pattern: '[0-9]+',
          when: { field: 'topic', is: 'a' },
        },
      ],
      launcher: false,
      scope: 'tab',
      maxBodyBytes: 4096,
      sound: false,
      notifications: false,
      quickExitUrl: 'https://www.example.com',
      beforeSend: () => undefined,
      beforeShow: () => undefined,
    };

    expect(checkConfig(config, LANGUAGES)).toEqual(config);
  });

  test.each([
    [undefined, /config must be an object/],
    [{}, /url must be an address such as "wss:/],
    [{ url: 'https://chat.example' }, /url must be an address/],
    [{ ...URL_FIELD, uri: 1 }, /uri is unknown; known are url, locale/],
    [{ ...URL_FIELD, constructor: 1 }, /constructor is unknown/],
    [{ ...URL_FIELD, locale: 'not a locale' }, /locale must be a language tag/],
    [{ ...URL_FIELD, locale: 'fi-FI' }, /locale must be one of en, de, pt, with any region/],
    [{ ...URL_FIELD, theme: 'blue' }, /theme must be one of auto, light, dark/],
    [{ ...URL_FIELD, maxBodyBytes: 0 }, /maxBodyBytes must be a whole number/],
    [{ ...URL_FIELD, quickExitUrl: 'javascript:alert(1)' }, /quickExitUrl must be an address/],
    [{ ...URL_FIELD, beforeSend: 'x' }, /beforeSend must be a function/],
    [{ ...URL_FIELD, form: {} }, /form must be a list/],
  ])('%j is refused by field and cure', (config, message) => {
    expect(() => checkConfig(config, LANGUAGES)).toThrow(message);
  });

  test('is known to the launcher, field by field', () => {
    const all = /known are (.*)$/.exec(problemWith({ ...URL_FIELD, uri: 1 }))?.[1]?.split(', ');

    expect(all).toContain('beforeShow');
    for (const name of all ?? []) {
      expect([name, isHopeless({ [name]: 'x', ...URL_FIELD })]).toEqual([name, false]);
    }
    expect(isHopeless({ ...URL_FIELD, ...{ uri: 1 } })).toBe(true);
    expect(isHopeless({ url: 'https://chat.example' })).toBe(true);
  });
});

function problemWith(config: object): string {
  try {
    checkConfig(config, LANGUAGES);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
