/** An item, and whether it begins or ends a run of items by one speaker. */
export interface Run<Item> {
  readonly item: Item;
  readonly begins: boolean;
  readonly ends: boolean;
}

/** @param speakerOf undefined: by nobody; it belongs to no run. */
export function inRuns<Item>(
  items: readonly Item[],
  speakerOf: (item: Item) => string | undefined,
): Run<Item>[] {
  const speakers = items.map(speakerOf);
  const differs = (place: number, other: number) =>
    speakers[place] === undefined || speakers[place] !== speakers[other];
  return items.map((item, place) => ({
    item,
    begins: differs(place, place - 1),
    ends: differs(place, place + 1),
  }));
}

/** For the style sheet: it joins the bubbles of a run. */
export function markRun(root: HTMLElement, { begins, ends }: Run<unknown>): void {
  root.dataset['begins'] = `${begins}`;
  root.dataset['ends'] = `${ends}`;
}
