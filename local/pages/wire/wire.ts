/** What goes over the wire, as it happens: oldest first, the last 500. */
import { byId, element, setText } from '../shared/dom.ts';
import { KeyedList } from '../shared/keyed-list.ts';
import { StickToEnd } from '../shared/stick-to-end.ts';
import { entryView } from './entry-view.ts';
import { KINDS, type WireEntry, type WireKind } from './wire-entry.ts';

const MAX_ENTRIES = 500;

const list = byId('entries', HTMLElement);
const pauseButton = byId('pause', HTMLButtonElement);
const end = new StickToEnd(list);
const shownEntries = new KeyedList<WireEntry>(list, ({ number }) => `${number}`, entryView);
const hidden = new Set<WireKind>();
let entries = new Map<number, WireEntry>();
let isPaused = false;
/** Came while the page was paused. */
let waiting = 0;
let isDrawing = false;

function take(entry: WireEntry): void {
  if (isPaused && !entries.has(entry.number)) waiting += 1;
  entries.set(entry.number, entry);
  for (const number of entries.keys()) {
    if (entries.size <= MAX_ENTRIES) break;
    entries.delete(number);
  }
  draw();
}

/** Once for all that came together. */
function draw(): void {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    setText(pauseButton, isPaused ? `Go on (${waiting})` : 'Pause');
    if (isPaused) return;
    const shown = [...entries.values()].filter(({ kind }) => !hidden.has(kind));
    shownEntries.show(shown.sort((one, other) => one.number - other.number));
    byId('nothing', HTMLElement).hidden = shown.length > 0;
    end.grown();
  });
}

function filterButton(kind: WireKind): HTMLButtonElement {
  const button = element('button', { type: 'button', 'data-kind': kind }, KINDS[kind]);
  button.ariaPressed = 'true';
  button.addEventListener('click', () => {
    if (!hidden.delete(kind)) hidden.add(kind);
    button.ariaPressed = `${!hidden.has(kind)}`;
    draw();
  });
  return button;
}

function forget(): void {
  entries = new Map();
  waiting = 0;
  draw();
}

byId('filters', HTMLElement).append(...(Object.keys(KINDS) as WireKind[]).map(filterButton));
pauseButton.addEventListener('click', () => {
  isPaused = !isPaused;
  waiting = 0;
  pauseButton.ariaPressed = `${isPaused}`;
  draw();
});
byId('clear', HTMLButtonElement).addEventListener('click', forget);

const source = new EventSource('/demo/wire');
// The server has begun anew, or the connection has: what it still knows comes again.
source.addEventListener('begin', forget);
source.addEventListener('message', ({ data }) => take(JSON.parse(data)));
