export function Drawing({ path }: { readonly path: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

export const Cross = () => <Drawing path="M6 6l12 12M18 6L6 18" />;
