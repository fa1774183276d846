/** The round button, and the places for what is loaded later. */
import css from './launcher.css';

const SVG = 'http://www.w3.org/2000/svg';

/** What the element consists of, in its shadow tree. */
export function createLauncher(root: ShadowRoot) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  const panel = make('section', {
    class: 'panel',
    id: 'panel',
    part: 'panel',
    role: 'dialog',
    hidden: '',
  });
  const note = make('p', { class: 'note', role: 'status' });
  const badge = make('span', { class: 'badge', 'aria-hidden': 'true', hidden: '' });
  const icon = set(document.createElementNS(SVG, 'svg'), {
    viewBox: '0 0 24 24',
    'aria-hidden': 'true',
  });
  icon.append(set(document.createElementNS(SVG, 'path'), { d: 'M4 5h16v11H10l-5 4v-4H4z' }));
  const slot = make('slot', { name: 'launcher' });
  slot.append(icon);
  const button = make('button', { class: 'launcher', type: 'button', part: 'launcher' });
  button.append(slot, badge);
  root.append(panel, note, button);
  return { badge, button, note, panel };
}

/** An element with its attributes. */
const make = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>>,
): HTMLElementTagNameMap[Tag] => set(document.createElement(tag), attributes);

export function set<Some extends Element>(
  element: Some,
  attributes: Readonly<Record<string, string>>,
): Some {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
