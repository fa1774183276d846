/** One shown item: its element, and how it follows changes of what it shows. */
export interface View<Item> {
  readonly root: HTMLElement;
  update(item: Item): void;
}

/**
 * Shows a list, keeping the element of each key: focus, selection and what a screen reader
 * has already read stay as they are. Elements move only when their order changes.
 */
export class KeyedList<Item> {
  readonly #parent: HTMLElement;
  readonly #keyOf: (item: Item) => string;
  readonly #create: (item: Item) => View<Item>;
  #views = new Map<string, View<Item>>();

  constructor(
    parent: HTMLElement,
    keyOf: (item: Item) => string,
    create: (item: Item) => View<Item>,
  ) {
    this.#parent = parent;
    this.#keyOf = keyOf;
    this.#create = create;
  }

  show(items: readonly Item[]): void {
    const views = new Map<string, View<Item>>();
    for (const item of items) {
      const key = this.#keyOf(item);
      const view = this.#views.get(key) ?? this.#create(item);
      view.update(item);
      views.set(key, view);
    }
    for (const [key, view] of this.#views) if (!views.has(key)) view.root.remove();
    this.#views = views;
    this.#arrange();
  }

  #arrange(): void {
    let next = this.#parent.firstElementChild;
    for (const { root } of this.#views.values()) {
      if (root === next) next = next.nextElementSibling;
      else this.#parent.insertBefore(root, next);
    }
  }
}
