/** An item, and whether it begins or ends a run of items by one speaker. */
export interface Run<Item> {
  readonly item: Item;
  readonly begins: boolean;
  readonly ends: boolean;
}

export function inRuns<Item>(
  items: readonly Item[],
  speakerOf: (item: Item) => string,
): Run<Item>[] {
  const speakers = items.map(speakerOf);
  return items.map((item, place) => ({
    item,
    begins: speakers[place] !== speakers[place - 1],
    ends: speakers[place] !== speakers[place + 1],
  }));
}

/** For the style sheet: it joins the bubbles of a run. */
export function markRun(root: HTMLElement, { begins, ends }: Run<unknown>): void {
  root.dataset['begins'] = `${begins}`;
  root.dataset['ends'] = `${ends}`;
}
