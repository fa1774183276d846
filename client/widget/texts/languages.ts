/** Which languages the widget speaks, and how they run. Pure. */

export const LANGUAGES = ['en', 'es', 'fr', 'de', 'pt', 'it', 'nl', 'ja', 'ar', 'he'] as const;

export type Language = (typeof LANGUAGES)[number];

const RIGHT_TO_LEFT: readonly string[] = ['ar', 'he'];

/** `de` of `de-AT`. */
export const languageOf = (locale: string): string => locale.split('-', 1)[0]?.toLowerCase() ?? '';

export const directionOf = (locale: string): 'ltr' | 'rtl' =>
  RIGHT_TO_LEFT.includes(languageOf(locale)) ? 'rtl' : 'ltr';

/**
 * @param wished as the page and the browser name them; a browser's own may be no valid tags.
 * @returns the first one whose language the widget speaks; English if there is none.
 */
export function pickLocale(wished: readonly string[]): string {
  return (
    wished.find(
      (locale) => LANGUAGES.includes(languageOf(locale) as Language) && isValid(locale),
    ) ?? 'en'
  );
}

function isValid(locale: string): boolean {
  try {
    return Intl.getCanonicalLocales(locale).length > 0;
  } catch {
    return false;
  }
}
