/** Which languages the widget speaks, and how they run. Pure. */

export const LANGUAGES = ['en', 'es', 'fr', 'de', 'pt', 'it', 'nl', 'ja', 'ar', 'he'] as const;

export type Language = (typeof LANGUAGES)[number];

/** Besides the widget's own those that pages bring texts for. */
const RIGHT_TO_LEFT: readonly string[] = ['ar', 'he', 'fa', 'ur'];

/** `de` of `de-AT`. */
export const languageOf = (locale: string): string => locale.split('-', 1)[0]?.toLowerCase() ?? '';

export const directionOf = (locale: string): 'ltr' | 'rtl' =>
  RIGHT_TO_LEFT.includes(languageOf(locale)) ? 'rtl' : 'ltr';

/**
 * @param wished as the page and the browser name them; a browser's own may be no valid tags.
 * @param isBrought the page brings texts of its own for the first one.
 * @returns the first one whose language the widget speaks; English if there is none.
 */
export function pickLocale(wished: readonly string[], isBrought = false): string {
  return (
    wished.find(
      (locale, place) =>
        ((isBrought && place === 0) || LANGUAGES.includes(languageOf(locale) as Language)) &&
        isValid(locale),
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
