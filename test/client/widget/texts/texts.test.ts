import { fileTexts } from '#client/widget/panel/files/file-texts';
import { directionOf, LANGUAGES, pickLocale } from '#client/widget/texts/languages';
import { launcherTexts } from '#client/widget/texts/launcher-texts';
import { loadTexts } from '#client/widget/texts/locales';
import { countText, fill, type Texts, withOwnTexts } from '#client/widget/texts/texts';

const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

/** Every text by its path; of plurals the form for many. */
function entries(texts: object, path = ''): [string, string][] {
  return Object.entries(texts).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string'
      ? [[path + name, value]]
      : 'other' in value && !('empty' in value)
        ? [[path + name, value.other]]
        : entries(value, `${path}${name}.`),
  );
}

describe.each(LANGUAGES)('the texts in %s', (language) => {
  test('are complete, and have the same places as the English ones', async () => {
    const english = entries(await loadTexts('en'));
    const texts = entries(await loadTexts(language));

    expect(texts.map(([path]) => path)).toEqual(english.map(([path]) => path));
    for (const [at, [path, text]] of texts.entries()) {
      expect([path, text.trim()]).not.toEqual([path, '']);
      // A language may say a number in words or leave the verb out, but not the name.
      if (path !== 'says')
        expect([path, places(text)]).toEqual([path, places(english[at]?.[1] ?? '')]);
    }
  });

  test('have the plural forms that the language needs', async () => {
    const { unread, newMessages, stars } = await loadTexts(language);
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    // Of millions; no chat has so many messages.
    const common = needed.filter((form) => !(form === 'many' && language !== 'ar'));

    for (const forms of [unread, newMessages, stars]) {
      expect(Object.keys(forms)).toEqual(expect.arrayContaining(common));
    }
  });

  test('begin with the launcher', () => {
    const { launcher, cannotConnect } = launcherTexts(language);

    expect(launcher).toMatch(/\S/);
    expect(cannotConnect).toMatch(/\S/);
  });
});

describe.each(LANGUAGES)('the texts of files in %s', (language) => {
  test('are complete, in the language, and have the same places as the English ones', () => {
    const texts = Object.entries(fileTexts(language));
    const english = Object.entries(fileTexts('en'));

    expect(texts.map(([name, text]) => [name, places(text)])).toEqual(
      english.map(([name, text]) => [name, places(text)]),
    );
    expect(fileTexts(language).attach === fileTexts('en').attach).toBe(language === 'en');
  });
});

describe('texts', () => {
  test('of files may be the page’s own', () => {
    expect(fileTexts('de-AT', { attach: 'Beilegen' })).toMatchObject({
      attach: 'Beilegen',
      accepting: 'Wird geprüft…',
    });
    expect(fileTexts('fi').attach).toBe('Attach files');
  });

  test('are in the first language that the widget speaks', () => {
    expect(pickLocale(['ru', 'pt-BR', 'de'])).toBe('pt-BR');
    expect(pickLocale(['ru'])).toBe('en');
    expect(pickLocale(['en-US@posix', 'de'])).toBe('de');
    expect(pickLocale([])).toBe('en');
    expect(pickLocale(['fi', 'de'], true)).toBe('fi');
    expect(pickLocale(['not a locale', 'de'], true)).toBe('de');
  });

  test('run from right to left where the language does', () => {
    expect(directionOf('ar-EG')).toBe('rtl');
    expect(directionOf('de')).toBe('ltr');
  });

  test('follow the language of an unknown name in English', async () => {
    expect(await loadTexts('constructor')).toBe(await loadTexts('en'));
  });

  test('have values in their places, and keep a place without one', () => {
    expect(fill('{name} left at {time}', { name: 'Ana $&' })).toBe('Ana $& left at {time}');
  });

  test('count', async () => {
    const { unread } = await loadTexts('en');

    expect(countText(unread, 1, 'en')).toBe('1 unread message');
    expect(countText(unread, 1_200, 'en')).toBe('1,200 unread messages');
    expect(countText((await loadTexts('ar')).unread, 2, 'ar')).toBe('رسالتان غير مقروءتين');
  });

  test('are replaced one by one', async () => {
    const texts = await loadTexts('en');
    const own = { title: 'Help', problem: { empty: 'Say something' } } as Partial<Texts>;

    const { title, send, problem } = withOwnTexts(texts, own);

    expect([title, send, problem.empty, problem.other]).toEqual([
      'Help',
      texts.send,
      'Say something',
      texts.problem.other,
    ]);
  });
});
