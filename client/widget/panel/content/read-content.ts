/** What there is to know of content before it is drawn. Pure. */
import type { Message, TimelineItem } from '#client/sdk/index';

/** @returns the id of what was chosen in answer to this message, arrived or on its way. */
export function chosenIn(
  timeline: readonly TimelineItem[],
  { chat, index }: Pick<Message, 'chat' | 'index'>,
): string | undefined {
  for (const item of timeline) {
    if (item.kind === 'notice') continue;
    const { choice } = item.kind === 'message' ? item.message : item.entry;
    if (choice?.chat === chat && choice.index === index) return choice.id;
  }
  return undefined;
}

/** The server lets no other address pass; neither does the page, whatever server it talks to. */
export function safeUrl(url: string): string | undefined {
  return url.startsWith('https://') ? url : undefined;
}

/** Digits and a plus sign: no other number or parameter can hide in it. */
export const telUrl = (phone: string): string => `tel:${phone.replace(/[^+\d]/g, '')}`;

export const mapUrl = (latitude: number, longitude: number): string =>
  `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;

/** The last part of the address, which names a file in most of them. */
export function nameOfFile(url: string): string {
  const [path = url] = url.split(/[?#]/, 1);
  const name = path.replace(/\/$/, '').replace(/^.*\//, '');
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
