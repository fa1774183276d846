/** What the launcher says before the rest of the widget is there. Pure. */
import { type Language, languageOf } from './languages.ts';

export interface LauncherTexts {
  /** Its name. */
  readonly launcher: string;
  readonly cannotConnect: string;
}

const CANNOT_CONNECT: Readonly<Record<Language, string>> = {
  en: 'Chat unavailable',
  es: 'Chat no disponible',
  fr: 'Chat indisponible',
  de: 'Chat nicht verfügbar',
  pt: 'Chat indisponível',
  it: 'Chat non disponibile',
  nl: 'Chat niet beschikbaar',
  ja: 'チャットは利用できません',
  ar: 'الدردشة غير متاحة',
  he: 'הצ׳אט אינו זמין',
};

const LAUNCHER: Readonly<Record<string, string>> = { ja: 'チャット', ar: 'دردشة', he: 'צ׳אט' };

export function launcherTexts(locale: string): LauncherTexts {
  const language = languageOf(locale) as Language;
  return {
    launcher: LAUNCHER[language] ?? 'Chat',
    cannotConnect: CANNOT_CONNECT[language] ?? CANNOT_CONNECT.en,
  };
}
