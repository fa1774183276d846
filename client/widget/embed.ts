/**
 * The widget as one classic script. Its tag's `data-url` is the configuration, or the page's
 * `window.flexChatConfig`. The page then finds the element at `window.flexChat`.
 */
import type { FlexChatConfig } from './config.ts';
import { defineFlexChat } from './define.ts';
import type { FlexChatElement } from './element.ts';

declare global {
  interface Window {
    flexChatConfig?: FlexChatConfig;
    flexChat?: FlexChatElement;
  }
}

const script = document.currentScript as HTMLScriptElement | null;

/** Beside this script; the build sets it to a name that changes with what is in the file. */
declare const PANEL_FILE: string;

function start(): void {
  const source = script?.src ?? '';
  defineFlexChat(() => import(new URL(PANEL_FILE, source || location.href).href));
  if (window.flexChat) return;
  const element = document.createElement('flex-chat') as FlexChatElement;
  window.flexChat = element;
  element.config = window.flexChatConfig ?? (fromTag() as unknown as FlexChatConfig);
  document.body.append(element);
}

function fromTag(): Record<string, string> {
  const { url, locale, theme } = script?.dataset ?? {};
  return { ...(url && { url }), ...(locale && { locale }), ...(theme && { theme }) };
}

if (document.body) start();
else addEventListener('DOMContentLoaded', start);
