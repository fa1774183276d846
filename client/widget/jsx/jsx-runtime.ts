/**
 * What the compiler makes of JSX: a tree of plain objects. Chunks hold a copy of this file, so it
 * keeps no state.
 */

export interface VirtualElement {
  readonly tag: string;
  readonly props: Props;
  readonly children: readonly (VirtualNode | undefined)[];
  readonly key: string | undefined;
}

export type VirtualNode = VirtualElement | string;

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

/** What is left out keeps its place: its neighbours are not taken for one another when it comes or goes. */
export function flat(child: Child): (VirtualNode | undefined)[] {
  if (Array.isArray(child)) return child.flatMap(flat);
  if (typeof child === 'number') return [`${child}`];
  return [child && child !== true ? (child as VirtualNode) : undefined];
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
  } & { readonly [Tag in 'svg' | 'path']: { readonly [name: string]: unknown } };
}
