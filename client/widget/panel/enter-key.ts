/**
 * Whether a key sends what was written: Enter alone. While an input method composes, Enter belongs
 * to it; Safari ends a composition before it tells of the key that ended it, whose code is 229 then.
 */
export function sends({
  altKey,
  ctrlKey,
  isComposing,
  key,
  keyCode,
  metaKey,
  shiftKey,
}: KeyboardEvent): boolean {
  const isPlain = !(altKey || ctrlKey || metaKey || shiftKey);
  return key === 'Enter' && isPlain && !isComposing && keyCode !== 229;
}
