/** The conversation as a file for the customer. Pure. */
import type { Bubble, Row } from '../rows.ts';

export interface FileWords {
  readonly title: string;
  readonly you: string;
  readonly locale: string;
}

export function transcriptText(rows: readonly Row[], { title, you, locale }: FileWords): string {
  const lines = bubbles(rows).map(
    (row) => `[${time(row, locale)}] ${row.own ? you : row.author}: ${said(row)}`,
  );
  return `${title}\n\n${lines.join('\n')}\n`;
}

export function transcriptHtml(rows: readonly Row[], { title, you, locale }: FileWords): string {
  const items = bubbles(rows).map(
    (row) =>
      `<dt>${escapeHtml(row.own ? you : row.author)} <time>${escapeHtml(time(row, locale))}</time></dt>` +
      `<dd dir="auto">${escapeHtml(said(row)).replace(/\n/g, '<br>')}</dd>`,
  );
  return (
    `<!doctype html><html lang="${escapeHtml(locale)}"><meta charset="utf-8"><title>${escapeHtml(title)}</title>` +
    `<h1>${escapeHtml(title)}</h1><dl>${items.join('')}</dl></html>`
  );
}

const bubbles = (rows: readonly Row[]): Bubble[] => rows.filter((row) => row.kind === 'bubble');

const said = ({ parts }: Bubble): string =>
  parts
    .map(({ plain }) => plain)
    .filter(Boolean)
    .join('\n');

const time = ({ atMs }: Bubble, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(atMs);

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
