/** The account's content templates, one of which goes to the customer as soon as it is chosen. */
import type { Template } from '../shared/desk-api.ts';
import { byId, element } from '../shared/dom.ts';

export function createTemplateBox(send: (sid: string) => void) {
  const box = byId('template', HTMLSelectElement);
  box.addEventListener('change', () => {
    const sid = box.value;
    box.value = '';
    if (sid !== '') send(sid);
  });
  return {
    fill(templates: readonly Template[]): void {
      const options = templates.map(({ sid, friendlyName }) =>
        element('option', { value: sid }, friendlyName),
      );
      box.append(...options);
    },
  };
}
