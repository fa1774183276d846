/** The cart lives as long as the page. */
import { byId, element, setText } from '../shared/dom.ts';
import { PRODUCTS, type Product, priceOf } from './products.ts';

export function createCart() {
  const counts = new Map<Product, number>();
  const button = byId('cart', HTMLButtonElement);
  const dialog = byId('cart-dialog', HTMLDialogElement);

  function show(): void {
    const lines = [...counts];
    const pieces = lines.reduce((sum, [, count]) => sum + count, 0);
    const cents = lines.reduce((sum, [product, count]) => sum + count * product.cents, 0);
    setText(byId('cart-count', HTMLElement), `${pieces}`);
    setText(byId('cart-total', HTMLElement), priceOf(cents));
    byId('cart-lines', HTMLElement).replaceChildren(
      ...lines.map(([{ title, cents: each }, count]) =>
        element('li', {}, `${count} × ${title}`, element('span', {}, priceOf(each * count))),
      ),
    );
  }

  button.addEventListener('click', () => dialog.showModal());
  show();
  return {
    add(product: Product): void {
      counts.set(product, (counts.get(product) ?? 0) + 1);
      show();
    },
  };
}

export function showProducts(list: HTMLElement, add: (product: Product) => void): void {
  list.replaceChildren(...PRODUCTS.map((product) => productCard(product, () => add(product))));
}

function productCard({ about, cents, name, title }: Product, add: () => void): HTMLElement {
  const button = element('button', { type: 'button', 'aria-label': `Add ${title}` }, 'Add');
  button.addEventListener('click', add);
  const picture = element('img', { src: `/${name}.svg`, alt: '', width: '240', height: '180' });
  return element(
    'li',
    { class: 'product' },
    picture,
    element(
      'div',
      {},
      element('h3', {}, title),
      element('p', {}, about),
      element('div', { class: 'buy' }, element('strong', {}, priceOf(cents)), button),
    ),
  );
}
