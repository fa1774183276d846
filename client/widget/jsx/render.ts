/**
 * Draws JSX into the page: elements keep their identity by key or place, and only what differs is
 * touched. A library for this would take a fifth of the widget's 25 KB. No `innerHTML`, so that it
 * works where Trusted Types are enforced.
 */
import { type Child, flat, type VirtualElement, type VirtualNode } from './jsx-runtime.ts';

/** Makes the element's content what the tree says. */
export function render(tree: Child, into: Element): void {
  drawChildren(into, flat(tree));
}

/** What was drawn into a node last. */
const drawn = new WeakMap<Node, VirtualNode>();

/** The children of an element by their identity. */
const shown = new WeakMap<Element, ReadonlyMap<string, ChildNode>>();

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
  const element = (known as Element | undefined) ?? create(virtual.tag);
  const before = drawn.get(element) as VirtualElement | undefined;
  if (before === virtual) return element;
  drawn.set(element, virtual);
  drawChildren(element, virtual.children);
  for (const name of Object.keys({ ...before?.props, ...virtual.props })) {
    setProperty(element, name, before?.props[name], virtual.props[name]);
  }
  return element;
}

const SVG_TAGS = ['svg', 'path'];

const create = (tag: string): Element =>
  SVG_TAGS.includes(tag)
    ? document.createElementNS('http://www.w3.org/2000/svg', tag)
    : document.createElement(tag);

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
