/** The signs on buttons. A page replaces one by a child of the element: `<svg slot="icon-send">`. */

const PATHS = {
  close: 'M6 6l12 12M18 6L6 18',
  send: 'M12 19V5M6 11l6-6 6 6',
  sound: 'M4 9v6h4l5 4V5L8 9zM17 9a4 4 0 010 6',
  muted: 'M4 9v6h4l5 4V5L8 9zM17 10l4 4M21 10l-4 4',
  notify: 'M6 16v-5a6 6 0 0112 0v5l2 2H4zM10 21h4',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <slot key={name} name={`icon-${name}`}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={PATHS[name]} />
      </svg>
    </slot>
  );
}
