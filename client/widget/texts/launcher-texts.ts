/** What the launcher says before the rest of the widget is there. Pure. */
import { type Language, languageOf } from './languages.ts';

export interface LauncherTexts {
  /** Its name. */
  readonly launcher: string;
  readonly cannotConnect: string;
}

const CANNOT_CONNECT: Readonly<Record<Language, string>> = {
  en: 'The chat can’t be reached. Please try again later.',
  es: 'No se puede acceder al chat. Inténtelo más tarde.',
  fr: 'Le chat est injoignable. Réessayez plus tard.',
  de: 'Der Chat ist nicht erreichbar. Bitte später noch einmal versuchen.',
  pt: 'Não foi possível aceder ao chat. Tente mais tarde.',
  it: 'La chat non è raggiungibile. Riprova più tardi.',
  nl: 'De chat is niet bereikbaar. Probeer het later opnieuw.',
  ja: 'チャットに接続できません。後でもう一度お試しください。',
  ar: 'تعذّر الوصول إلى الدردشة. حاول لاحقًا.',
  he: 'הצ׳אט אינו זמין. נסו שוב מאוחר יותר.',
};

const LAUNCHER: Readonly<Record<string, string>> = { ja: 'チャット', ar: 'دردشة', he: 'צ׳אט' };

export function launcherTexts(locale: string): LauncherTexts {
  const language = languageOf(locale) as Language;
  return { launcher: LAUNCHER[language] ?? 'Chat', cannotConnect: CANNOT_CONNECT[language] };
}
