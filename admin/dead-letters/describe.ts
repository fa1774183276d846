/** Dead letters as a person, or a script, reads them. */
import { formatTable } from '../table.ts';
import { ageMs, type DeadLetter } from './dead-letter.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const HEAD = ['sent', 'age', 'session', 'kind', 'message', 'received', 'note'];

export function letterTable(letters: readonly DeadLetter[], nowMs: number): string[] {
  const rows = letters.map((letter) => [
    isoSeconds(letter.sentAtMs ?? letter.deadLetteredAtMs),
    formatAge(ageMs(letter, nowMs)),
    letter.sessionId,
    letter.kind,
    letter.messageId ?? '-',
    String(letter.receiveCount),
    letter.note ?? '',
  ]);
  return formatTable(HEAD, rows);
}

export function letterJson(letter: DeadLetter, nowMs: number) {
  const { recordId, sessionId, kind, messageId, receiveCount, note, sentAtMs } = letter;
  return {
    sessionId,
    kind,
    messageId,
    recordId,
    sentAt: sentAtMs === undefined ? undefined : new Date(sentAtMs).toISOString(),
    // An earlier word, by which scripts read it.
    setAsideAt: new Date(letter.deadLetteredAtMs).toISOString(),
    ageSeconds: Math.round(ageMs(letter, nowMs) / 1000),
    receiveCount,
    note,
  };
}

const isoSeconds = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}Z`;

function formatAge(ms: number): string {
  if (ms >= DAY_MS) return `${Math.floor(ms / DAY_MS)} d`;
  return ms >= HOUR_MS ? `${Math.floor(ms / HOUR_MS)} h` : `${Math.floor(ms / MINUTE_MS)} min`;
}
