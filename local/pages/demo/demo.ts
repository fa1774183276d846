/** The shop, the agent's desk and what goes over the wire, side by side; and buttons to disturb them. */
import { DEMO } from '../shared/demo.ts';
import { byId, element, setText } from '../shared/dom.ts';
import { demoApi } from './demo-api.ts';
import { createFaultControls } from './fault-controls.ts';

const BACK_ENDS: Readonly<Record<string, string>> = {
  conversations: 'Flex Conversations',
  'programmable-chat': 'Programmable Chat',
};
const ROUTINGS: Readonly<Record<string, string>> = {
  task: 'to a TaskRouter workflow',
  studio: 'through a Studio flow',
  external: 'by a service of your own',
};

const told = byId('told', HTMLElement);
const tell = (text: string) => setText(told, text);
const wire = byId('wire', HTMLElement);
const wireToggle = byId('wire-toggle', HTMLButtonElement);
const faults = byId('faults', HTMLDetailsElement);

function showAbout(): void {
  const { backEnd, routing } = DEMO;
  setText(
    byId('about', HTMLElement),
    `The real stack on this machine, with a simulated Flex. Back end: ${BACK_ENDS[backEnd] ?? backEnd}, routed ${ROUTINGS[routing] ?? routing}.`,
  );
}

/** While it is closed, nobody watches. */
function showWire(isShown: boolean): void {
  if (isShown === !wire.hidden) return;
  wire.hidden = !isShown;
  wireToggle.ariaExpanded = `${isShown}`;
  setText(wireToggle, isShown ? 'Hide wire' : 'Show wire');
  if (isShown) wire.append(element('iframe', { src: '/wire.html', title: 'The wire' }));
  else wire.querySelector('iframe')?.remove();
}

const placeButtons = document.querySelectorAll<HTMLButtonElement>('.places button');

/** On narrow screens only one place is in sight. */
function goTo(place: string): void {
  document.body.dataset['place'] = place;
  for (const button of placeButtons) button.ariaPressed = `${button.dataset['place'] === place}`;
  if (place === 'wire') showWire(true);
}

async function endChat(): Promise<void> {
  try {
    const isEnded = await demoApi.endLastChat();
    tell(isEnded ? 'The agent has ended the chat.' : 'No agent is in a chat.');
  } catch (error) {
    tell(`That did not work: ${(error as Error).message}`);
  }
}

showAbout();
// The page's own query goes on to the shop, such as `?locale=ar`.
if (location.search !== '') byId('shop', HTMLIFrameElement).src = `/shop.html${location.search}`;
wireToggle.addEventListener('click', () => showWire(wireToggle.ariaExpanded !== 'true'));
for (const button of placeButtons) {
  button.addEventListener('click', () => goTo(button.dataset['place'] ?? 'shop'));
}
byId('end', HTMLButtonElement).addEventListener('click', () => void endChat());
document.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape' || !faults.open) return;
  faults.open = false;
  faults.querySelector('summary')?.focus();
});
document.addEventListener('click', ({ target }) => {
  if (!faults.contains(target as Node)) faults.open = false;
});
createFaultControls(tell)
  .load()
  .catch((error: Error) => tell(`That did not work: ${error.message}`));
