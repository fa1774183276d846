import { type PageGlobals, pageEnvironment, storageOf } from './browser-page.ts';
import type { ChatSocket, Environment } from './environment.ts';

/**
 * Who shares a session. `browser`: all tabs, kept in `localStorage`, until it expires on the
 * server. `tab`: nobody; kept in `sessionStorage`, so that a reload resumes and a new visit
 * starts afresh. Either holds the session token, and messages until they are delivered; any
 * script of the page can read both.
 */
export type SessionScope = 'browser' | 'tab';

/** A page that may open encrypted connections only. */
export function isSecurePage(): boolean {
  const { location } = globalThis as { readonly location?: { readonly protocol: string } };
  return location?.protocol === 'https:';
}

/** What browsers and Node 22 or later bring by themselves. */
export function platformEnvironment(scope: SessionScope = 'browser'): Environment {
  // Node has a `localStorage` too, which belongs to no visitor.
  const page = 'document' in globalThis ? (globalThis as unknown as PageGlobals) : undefined;
  const storage = page && storageOf(page, scope === 'browser' ? 'localStorage' : 'sessionStorage');
  const { broadcast, ...pageOnly } = page ? pageEnvironment(page, randomId) : {};
  return {
    createSocket: (url, protocols) => new WebSocket(url, protocols) as ChatSocket,
    timers: {
      after(delayMs, callback) {
        const timer = setTimeout(callback, delayMs);
        return () => clearTimeout(timer);
      },
    },
    random: Math.random,
    nowMs: Date.now,
    newId: randomId,
    storage,
    ...pageOnly,
    broadcast: scope === 'browser' ? broadcast : undefined,
  };
}

/** 128 random bits; `crypto.randomUUID` is missing on pages without TLS. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
