/**
 * Draws JSX into the page: elements keep their identity by key or place, and only what differs is
 * touched. A library for this would take a fifth of the widget's 25 KB. No `innerHTML`, so that it
 * works where Trusted Types are enforced.
 */

export interface VirtualElement {
  readonly tag: string;
  readonly props: Props;
  readonly children: readonly (VirtualNode | undefined)[];
  readonly key: string | undefined;
}

type VirtualNode = VirtualElement | string;

/** What may stand between two tags. */
export type Child = VirtualNode | number | boolean | null | undefined | readonly Child[];

export type Props = Readonly<Record<string, unknown>>;

type ComponentOf<Given> = (props: Given) => Child;

/** The compiler calls it for each tag. A component is a function of its properties, without a state of its own. */
export function jsx<Given extends { readonly children?: Child }>(
  tag: string | ComponentOf<Given>,
  props: Given,
  key?: string,
): Child {
  if (typeof tag === 'function') return tag(props);
  const { children, ...others } = props;
  return { tag, props: others, children: flat(children), key };
}

/** The same, for tags with several children. */
export const jsxs: typeof jsx = (tag, props, key) => jsx(tag, props, key);

export const Fragment = ({ children }: { readonly children?: Child }): Child => children;

/** Makes the element's content what the tree says. */
export function render(tree: Child, into: Element): void {
  drawChildren(into, flat(tree));
}

/** What was drawn into a node last. */
const drawn = new WeakMap<Node, VirtualNode>();

/** The children of an element by their identity. */
const shown = new WeakMap<Element, ReadonlyMap<string, ChildNode>>();

/** What is left out keeps its place: its neighbours are not taken for one another when it comes or goes. */
function flat(child: Child): (VirtualNode | undefined)[] {
  if (Array.isArray(child)) return child.flatMap(flat);
  if (typeof child === 'number') return [`${child}`];
  return [child && child !== true ? (child as VirtualNode) : undefined];
}

function drawChildren(parent: Element, next: readonly (VirtualNode | undefined)[]): void {
  const known = shown.get(parent) ?? new Map<string, ChildNode>();
  const nodes = new Map<string, ChildNode>();
  for (const [place, virtual] of next.entries()) {
    if (virtual === undefined) continue;
    const id = identity(virtual, place);
    nodes.set(id, draw(virtual, known.get(id)));
  }
  for (const [id, node] of known) if (!nodes.has(id)) node.remove();
  let place = parent.firstChild;
  for (const node of nodes.values()) {
    if (node === place) place = place.nextSibling;
    else parent.insertBefore(node, place);
  }
  shown.set(parent, nodes);
}

const identity = (virtual: VirtualNode, place: number): string =>
  typeof virtual === 'string' ? `#${place}` : `${virtual.tag} ${virtual.key ?? place}`;

function draw(virtual: VirtualNode, known: ChildNode | undefined): ChildNode {
  if (typeof virtual === 'string') return drawText(virtual, known);
  const element = (known as Element | undefined) ?? document.createElement(virtual.tag);
  const before = drawn.get(element) as VirtualElement | undefined;
  if (before === virtual) return element;
  drawn.set(element, virtual);
  drawChildren(element, virtual.children);
  for (const name of Object.keys({ ...before?.props, ...virtual.props })) {
    setProperty(element, name, before?.props[name], virtual.props[name]);
  }
  return element;
}

function drawText(text: string, known: ChildNode | undefined): ChildNode {
  const node = known ?? document.createTextNode(text);
  if (node.nodeValue !== text) node.nodeValue = text;
  drawn.set(node, text);
  return node;
}

function setProperty(element: Element, name: string, before: unknown, value: unknown): void {
  const fields = element as unknown as Record<string, unknown>;
  if (name === 'value' || name === 'checked') {
    // The person may have changed it since it was drawn.
    if (fields[name] !== value) fields[name] = value;
  } else if (before === value) {
    // It stands as it was drawn.
  } else if (name.startsWith('on')) fields[name.toLowerCase()] = value;
  else if (value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : `${value}`);
}

type Handlers<Target> = {
  readonly [Name in keyof HTMLElementEventMap as `on${Capitalize<Name>}`]?: (
    event: HTMLElementEventMap[Name] & { readonly currentTarget: Target },
  ) => void;
};

type Attribute = string | number | boolean | undefined;

/** The compiler checks tags against it. */
export declare namespace JSX {
  type Element = Child;
  interface ElementChildrenAttribute {
    readonly children: unknown;
  }
  interface IntrinsicAttributes {
    readonly key?: string;
  }
  type IntrinsicElements = {
    readonly [Tag in keyof HTMLElementTagNameMap]: Handlers<HTMLElementTagNameMap[Tag]> & {
      readonly [name: `${string}`]: unknown;
      readonly key?: string;
      readonly children?: Child;
      readonly class?: string | undefined;
      readonly value?: Attribute;
    };
  };
}
