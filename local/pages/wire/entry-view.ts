import { element, setText } from '../shared/dom.ts';
import type { View } from '../shared/keyed-list.ts';
import { KIND_NAMES, type WireEntry } from './wire-entry.ts';

/** One line, which opens to what was in it. */
export function entryView({ kind }: WireEntry): View<WireEntry> {
  const time = element('time');
  const title = element('span', { class: 'title' });
  const about = element('span', { class: 'of' });
  const outcome = element('span', { class: 'outcome' });
  const name = element('span', { class: 'kind' }, KIND_NAMES[kind]);
  const details = element('details', {}, element('summary', {}, time, name, title, about, outcome));
  const body = element('pre', { tabindex: '0' });
  details.append(body);
  let shown: WireEntry | undefined;
  // Long bodies of lines that nobody opens are not laid out.
  const fill = () => details.open && shown && setText(body, bodyOf(shown));
  details.addEventListener('toggle', fill);
  return {
    root: element('li', { 'data-kind': kind, 'data-testid': 'wire-entry' }, details),
    update(entry) {
      shown = entry;
      setText(time, entry.at.slice(11, 23));
      time.dateTime = entry.at;
      setText(title, entry.title.replace(SID, shortened).replace(PHYSICAL_NAME, '$1'));
      title.title = entry.title;
      setText(about, shortened(entry.about));
      about.title = entry.about;
      setText(outcome, outcomeOf(entry));
      outcome.dataset['bad'] = `${/^[45]|cut|timed|error/i.test(entry.status ?? '')}`;
      fill();
    },
  };
}

function bodyOf({ answer, body }: WireEntry): string {
  return [body, answer && `▸ answer\n${answer}`].filter(Boolean).join('\n\n') || 'Nothing in it.';
}

function outcomeOf({ ms, status }: WireEntry): string {
  if (ms === undefined) return '';
  return [status, `${ms} ms`].filter(Boolean).join(' · ');
}

/** As CloudFormation makes it: stack, name, hash and chance. */
const PHYSICAL_NAME = /\b[\w-]+-(\w+?)(?:Queue)?[0-9A-F]{8}-[0-9A-Z]+\b/g;
const SID = /\b[A-Z]{2}[0-9a-f]{32}\b/g;

/** Enough to tell one from another. */
const shortened = (id: string): string =>
  id.length > 8 ? `${id.slice(0, 4)}…${id.slice(-4)}` : id;
