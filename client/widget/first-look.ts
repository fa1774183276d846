/** What is known of a page before the chat is loaded. */
import type { FlexChatConfig } from './config.ts';
import { pickLocale } from './texts/languages.ts';

/** The visitor has been here and may have unread messages. */
export function hasSession({ url, scope }: FlexChatConfig): boolean {
  try {
    const storage = scope === 'tab' ? sessionStorage : localStorage;
    return storage.getItem(`flex-channel:1:${url}:session`) !== null;
  } catch {
    return false;
  }
}

export function whenIdle(run: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(run);
  else setTimeout(run, 200);
}

export function localeOf(element: HTMLElement): { locale?: string } {
  const locale = element.getAttribute('locale');
  return locale === null ? {} : { locale };
}

/** @returns in which language and with which formats the widget speaks. */
export function localeFor(config: FlexChatConfig | undefined): string {
  const { locale = document.documentElement.lang, texts } = config ?? {};
  return pickLocale([locale, ...navigator.languages].filter(Boolean), texts !== undefined);
}

export const isDark = (theme: FlexChatConfig['theme'] = 'auto', isSystemDark: boolean): boolean =>
  theme === 'auto' ? isSystemDark : theme === 'dark';
