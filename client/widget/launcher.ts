/** The round button, before anything else of the widget is there. */

const SVG = 'http://www.w3.org/2000/svg';

export function createLauncher() {
  const button = document.createElement('button');
  button.className = 'launcher';
  button.type = 'button';
  button.setAttribute('part', 'launcher');
  const icon = document.createElementNS(SVG, 'svg');
  icon.setAttribute('viewBox', '0 0 24 24');
  icon.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', 'M4 5h16v11H10l-5 4v-4H4z');
  icon.append(path);
  const slot = document.createElement('slot');
  slot.name = 'launcher';
  slot.append(icon);
  const badge = document.createElement('span');
  badge.className = 'badge';
  badge.hidden = true;
  badge.setAttribute('aria-hidden', 'true');
  button.append(slot, badge);
  return { button, badge };
}
