/** Buttons that make something go wrong, and one that ends it all. */
import { byId, element, setText } from '../shared/dom.ts';
import { demoApi, type Fault, NETWORK } from './demo-api.ts';

/** @param tell says what has just become of it. */
export function createFaultControls(tell: (text: string) => void) {
  const network = byId('network', HTMLButtonElement);
  const clear = byId('clear', HTMLButtonElement);
  const list = byId('fault-list', HTMLElement);
  const buttons = new Map<string, HTMLButtonElement>([[NETWORK, network]]);
  let faults: readonly Fault[] = [];

  function show(): void {
    for (const fault of faults) {
      const button = buttons.get(fault.name) ?? addButton(fault.name, fault.label);
      button.ariaPressed = `${fault.isOn}`;
    }
    setText(network, isOn(NETWORK) ? 'Restore network' : 'Cut network');
    clear.hidden = !faults.some((fault) => fault.isOn);
  }

  function addButton(name: string, label: string): HTMLButtonElement {
    const button = element('button', { type: 'button', 'data-fault': name }, label);
    button.addEventListener('click', () => void toggle(name));
    buttons.set(name, button);
    list.append(element('li', {}, button));
    return button;
  }

  const isOn = (name: string) => faults.some((fault) => fault.name === name && fault.isOn);

  async function set(names: readonly string[], said: string): Promise<void> {
    try {
      faults = await demoApi.setFaults(names);
      tell(said);
    } catch (error) {
      tell(`That did not work: ${(error as Error).message}`);
    }
    show();
  }

  async function toggle(name: string): Promise<void> {
    const on = faults.filter((fault) => fault.isOn).map((fault) => fault.name);
    const { label = '' } = faults.find((fault) => fault.name === name) ?? {};
    if (on.includes(name))
      await set(
        on.filter((other) => other !== name),
        `Ended: ${label}.`,
      );
    else await set([...on, name], `${label}.`);
  }

  network.addEventListener('click', () => void toggle(NETWORK));
  clear.addEventListener('click', async () => {
    await set([], 'Nothing goes wrong any more.');
    network.focus();
  });
  return {
    async load(): Promise<void> {
      faults = await demoApi.faults();
      show();
    },
  };
}
