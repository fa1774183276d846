/** What the parts of a scripted Twilio account share. */

export const sid = (prefix: string, digit: string): string => prefix + digit.repeat(32);

// biome-ignore lint/suspicious/noExplicitAny: resources are JSON of many shapes
export type Json = any;

/** Not the SID of one that is there. */
export const newSid = (prefix: string, present: ReadonlyMap<string, unknown>): string => {
  for (let number = present.size + 1; ; number += 1) {
    const candidate = sid(prefix, '0').slice(0, -String(number).length) + number;
    if (!present.has(candidate)) return candidate;
  }
};

/** A page that holds all. */
export const list = (key: string, items: Iterable<Json>): Json => ({
  [key]: [...items],
  meta: { key, page: 0, page_size: 50, next_page_url: null, url: 'https://twilio/' },
});
