/** A shop with the widget on it, as any website has it. `?locale=ar` shows the chat in another language. */
import { DEMO } from '../shared/demo.ts';
import { byId } from '../shared/dom.ts';
import { createCart, showProducts } from './cart.ts';

const locale = new URLSearchParams(location.search).get('locale');

// The script tag behind this one reads it.
window.flexChatConfig = {
  url: DEMO.customerSocketUrl,
  ...(locale !== null && { locale }),
  form: [
    { name: 'name', label: 'Your name', type: 'text' },
    {
      name: 'topic',
      label: 'What is it about?',
      type: 'choice',
      options: ['An order', 'A product', 'Something else'],
    },
  ],
};

const cart = createCart();
showProducts(byId('product-list', HTMLElement), cart.add);
for (const button of document.querySelectorAll('[data-chat]')) {
  button.addEventListener('click', () => void window.flexChat?.open());
}
