/** Attributes of channels and conversations: JSON text, an object as a rule. */
type Attributes = Readonly<Record<string, unknown>>;

export function parseAttributes(text: string): Attributes {
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
}

export const withAttributes = (text: string, change: Attributes): string =>
  JSON.stringify({ ...parseAttributes(text), ...change });
